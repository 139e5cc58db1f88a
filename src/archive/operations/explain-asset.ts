import { z } from 'zod';
import { explain } from '../explain.ts';
import { proveVerdict } from '../prove-verdict.ts';
import { placesOfReservations } from '../reservations-of.ts';
import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

/** Gives the verdict on one asset, what it is called, and where sources reserve uses. */
export const explainAsset = createOperation({
  name: 'explain',
  opens: 'archive',
  changes: false,
  input: question.extend({ asset: z.string() }),
  async run(archive, input) {
    const verdict = explain(dated(input, archive.clock), archive);
    const facts = archive.catalog.facts(verdict.cid);
    const places = facts === undefined ? [] : placesOfReservations(facts, archive);
    return {
      title: archive.catalog.asset(verdict.cid)?.title ?? '',
      verdict,
      /** Of each reservation by a source, where it stood. */
      said: Object.fromEntries(places),
    };
  },
});

/** Writes the verdict on one asset with all that it follows from into a file. */
export const proveAssetVerdict = createOperation({
  name: 'explain.prove',
  opens: 'archive',
  changes: true,
  input: question.extend({
    asset: z.string(),
    /** An absolute path. */
    path: z.string().min(1),
  }),
  run: async (archive, input, { signal }) =>
    proveVerdict(dated(input, archive.clock), archive, signal),
});
