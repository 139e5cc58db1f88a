import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { CODE } from '../../core/statements/fields.ts';
import { registerSynthetic } from '../matching/register-synthetic.ts';
import { ingest } from '../taking/ingest.ts';
import { takeUploads, uploadedRow } from '../taking/take-uploads.ts';
import { assetView } from './answers/asset.ts';
import { count, errorCode } from './answers/names.ts';
import { fileEvent, progressEvent, syntheticEvent } from './answers/taken.ts';
import { collectionText } from './named.ts';
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
    collection: collectionText,
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

export const toldEvents = z.array(z.union([progressEvent, fileEvent]));

/** The asset as `show` prints it, with what `ingest` tells. */
export const uploadedView = z.strictObject({ ...assetView.shape, events: toldEvents });

/** Why one of several files was not taken in. */
export const refusal = z.strictObject({
  code: errorCode,
  text: z.string(),
  retryable: z.boolean(),
});

/**
 * Takes in files that were sent to the node, in one run, and gives each asset as `show` does, or why it was
 * refused. It is in no table: the paths are the node's own.
 */
export const takeUploaded = createOperation({
  name: 'upload',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    collection: collectionText,
    custody: z.boolean(),
    /** No two have the same name. */
    files: z.array(
      z.strictObject({
        path,
        name: z.string().min(1),
        size: z.number().int().min(0),
        /** What is said of the file, by the names of a catalogue's columns; nothing where it is empty. */
        words: z.record(z.string(), z.string()),
      }),
    ),
  }),
  result: z.strictObject({
    outcomes: z.array(
      z.union([
        z.strictObject({ isDeposited: z.boolean(), asset: uploadedView }),
        z.strictObject({ refusal }),
      ]),
    ),
    /** What there is to tell of all of them. */
    events: toldEvents,
  }),
  async run(archive, { files, ...terms }, { signal, progress }) {
    const uploads = [];
    for (const { words, ...file } of files) {
      uploads.push({ ...file, row: await uploadedRow(file.name, words, archive) });
    }
    progress('taking in what was sent', { files: files.length });
    const { outcomes, events } = await takeUploads(uploads, terms, archive, signal);
    return {
      events: [...events],
      outcomes: outcomes.map((outcome) => {
        if (outcome instanceof ArchiveError) {
          const { code, message: text, retryable } = outcome;
          return { refusal: { code, text, retryable } };
        }
        const { asset, isDeposited, events: own } = outcome;
        const view = archive.catalog.asset(asset);
        if (view === undefined) throw new Error(`${asset} was taken in and is not in the catalog`);
        return { isDeposited, asset: { ...view, events: own } };
      }),
    };
  },
});

/** Registers files as output of a generator. */
export const takeSynthetic = createOperation({
  name: 'synthetic.add',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    paths: z.array(path).min(1),
    generator: z.string().regex(CODE, 'must be a code, such as comfyui or gpt-3'),
  }),
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
