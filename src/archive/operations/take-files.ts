import { z } from 'zod';
import { ingest } from '../ingest.ts';
import { registerSynthetic } from '../register-synthetic.ts';
import { takeUpload, uploadedRow } from '../take-upload.ts';
import { assetView } from './answers/asset.ts';
import { count } from './answers/names.ts';
import { fileEvent, progressEvent, syntheticEvent } from './answers/taken.ts';
import { createOperation } from './operation.ts';

/** Paths are absolute: whoever opens them may be another process, in another folder. */
const path = z.string().min(1);

/** Takes files into the archive. Items are what it tells; the result says how many failed. */
export const takeFiles = createOperation({
  name: 'ingest',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    paths: z.array(path).min(1),
    collection: z.string(),
    /** `map` is the name of a shipped mapping, or a path. */
    catalogue: z.strictObject({ path, map: z.string().exactOptional() }).exactOptional(),
    all: z.boolean(),
    hidden: z.boolean(),
    warc: z.boolean().exactOptional(),
    custody: z.boolean(),
    dryRun: z.boolean(),
    measured: z.boolean(),
  }),
  result: z.strictObject({ failed: count }),
  item: fileEvent,
  async run(archive, input, { signal, progress, item }) {
    let failed = 0;
    for await (const event of ingest({ ...input, signal }, archive)) {
      if (event.event === 'progress') progress('ingesting', event);
      else await item(event);
      if (event.event === 'done') failed = event.failed;
    }
    return { failed };
  },
});

/** The asset as `show` prints it, with what `ingest` tells. */
export const uploadedView = z.strictObject({
  ...assetView.shape,
  events: z.array(z.union([progressEvent, fileEvent])),
});

/**
 * Takes in a file that was sent to the node, and gives the asset as `show` does. It is in no table: the
 * path is one of the node's own.
 */
export const takeUploaded = createOperation({
  name: 'upload',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    path,
    name: z.string().min(1),
    size: z.number().int().min(0),
    collection: z.string(),
    custody: z.boolean(),
    /** What is said of the file, by the names of a catalogue's columns; nothing where it is empty. */
    words: z.record(z.string(), z.string()),
  }),
  result: z.strictObject({ isDeposited: z.boolean(), asset: uploadedView }),
  async run(archive, { words, ...upload }, { signal }) {
    const row = await uploadedRow(upload.name, words, archive);
    const { asset, isDeposited, events } = await takeUpload({ ...upload, row }, archive, signal);
    const view = archive.catalog.asset(asset);
    if (view === undefined) throw new Error(`${asset} was taken in and is not in the catalog`);
    return { isDeposited, asset: { ...view, events } };
  },
});

/** Registers files as output of a generator. */
export const takeSynthetic = createOperation({
  name: 'synthetic.add',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ paths: z.array(path).min(1), generator: z.string() }),
  result: z.strictObject({ failed: count }),
  item: syntheticEvent,
  async run(archive, input, { signal, item }) {
    let failed = 0;
    for await (const event of registerSynthetic({ ...input, signal }, archive)) {
      await item(event);
      if (event.event === 'done') failed = event.failed;
    }
    return { failed };
  },
});
