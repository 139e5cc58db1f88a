import { z } from 'zod';
import { examine } from '../examine.ts';
import { knownAsset } from '../known-assets.ts';
import { reinspect } from '../reinspect.ts';
import { verifyArchive } from '../verify-archive.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

const nothing = z.strictObject({});

/** Recomputes the archive from its packs and its ledger. */
export const verifyStores = createOperation({
  name: 'verify',
  opens: 'stores',
  changes: false,
  input: nothing,
  run: async (stores, _input, { signal, progress }) =>
    verifyArchive(stores, { signal, onProgress: (done) => progress('verifying', done) }),
});

/** Makes the catalog anew from the ledger. */
export const rebuildCatalog = createOperation({
  name: 'reindex',
  opens: 'stale-archive',
  changes: true,
  input: nothing,
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
  run: async (stores, _input, { signal }) => examine(stores, signal),
});

/** Signs the state of the ledger, and has connected members confirm it. */
export const signCheckpoint = createOperation({
  name: 'checkpoint',
  opens: 'stores',
  changes: true,
  input: nothing,
  async run({ ledger, neighbours }) {
    const { entry, checkpoint } = await ledger.checkpoint();
    await neighbours.confirm();
    const { newest } = ledger.checkpointState();
    const cosignatures = newest?.note === checkpoint.note ? newest.cosignatures : [];
    return { entry, size: checkpoint.size, note: checkpoint.note, cosignatures };
  },
});
