import { z } from 'zod';
import { examine } from '../inspecting/examine.ts';
import { reinspect } from '../inspecting/reinspect.ts';
import { knownAsset } from '../known-assets.ts';
import { verifyArchive } from '../verify-archive.ts';
import { examination, verifyReport } from './answers/care.ts';
import { count, entry, organisation } from './answers/names.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

const nothing = z.strictObject({});

/** Recomputes the archive from its packs and its ledger. */
export const verifyStores = createOperation({
  name: 'verify',
  opens: 'stores',
  changes: false,
  input: nothing,
  result: verifyReport,
  run: async (stores, _input, { signal, progress }) =>
    verifyArchive(stores, { signal, onProgress: (done) => progress('verifying', done) }),
});

/** Makes the catalog anew from the ledger. */
export const rebuildCatalog = createOperation({
  name: 'reindex',
  opens: 'stale-archive',
  changes: true,
  input: nothing,
  result: z.strictObject({ entries: count }),
  run: async ({ catalog }, _input, { signal }) => ({ entries: await catalog.rebuild({ signal }) }),
});

/** Inspects stored assets again, and records what is otherwise than before. */
export const reinspectAssets = createOperation({
  name: 'reinspect',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    /** Absent: the whole archive. */
    assets: z.array(cidText).min(1).exactOptional(),
    inspectors: z.array(z.string()).min(1).exactOptional(),
  }),
  result: z.strictObject({
    assets: count.describe('Whose bytes were looked at again'),
    changed: count.describe('Of which something else is said now'),
    absent: count.describe('Whose bytes are not here'),
    entries: count,
  }),
  async run(archive, { assets, inspectors }, { signal, progress }) {
    const done = await reinspect(
      {
        assets: assets?.map((text) => knownAsset(text, archive.catalog)),
        inspectors,
        signal,
        onProgress: (sofar) => progress('inspecting', sofar),
      },
      archive,
    );
    await archive.catalog.catchUp({ signal });
    return done;
  },
});

/** Looks for what an operator should know. */
export const examineStores = createOperation({
  name: 'doctor',
  opens: 'stores',
  changes: false,
  input: nothing,
  result: examination,
  run: async (stores, _input, { signal }) => examine(stores, signal),
});

/** Signs the state of the ledger, and has connected members confirm it. */
export const signCheckpoint = createOperation({
  name: 'checkpoint',
  opens: 'stores',
  changes: true,
  input: nothing,
  result: z.strictObject({
    entry,
    size: count.describe('Entries of the log up to there'),
    note: z.string().describe('A signed note (C2SP)'),
    cosignatures: z.array(
      z.strictObject({
        organisation,
        note: z.string().describe('Signature lines of another organisation'),
      }),
    ),
  }),
  async run({ ledger, neighbours }) {
    const signed = await ledger.checkpoint();
    const { checkpoint } = signed;
    await neighbours.confirm();
    const { newest } = ledger.checkpointState();
    const cosignatures = newest?.note === checkpoint.note ? newest.cosignatures : [];
    return { entry: signed.entry, size: checkpoint.size, note: checkpoint.note, cosignatures };
  },
});
