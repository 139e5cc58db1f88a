import { z } from 'zod';
import { explain } from '../explain.ts';
import { placesOfReservations } from '../inspecting/reservations-of.ts';
import { proveVerdict } from '../proving/prove-verdict.ts';
import { exportedFeed } from './answers/exported-feed.ts';
import { statement } from './answers/names.ts';
import { verdict } from './answers/verdict.ts';
import { shownMatches } from './match-synthetic.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

/** Codes of R10 by which an asset is, or is like, a registered one. */
const LIKE_REGISTERED: ReadonlySet<string | null> = new Set(['H_NEAR_DUP', 'E_DUP_SYNTH']);

/** Gives the verdict on one asset, what it is called, and where sources reserve uses. */
export const explainAsset = createOperation({
  name: 'explain',
  opens: 'archive',
  changes: false,
  input: question.extend({ asset: cidText }),
  result: z.strictObject({
    title: z.string(),
    verdict,
    said: z
      .record(statement, z.array(z.string()))
      .describe('Of each reservation by a source, where it stood'),
  }),
  async run(archive, input) {
    const explained = explain(dated(input, archive.clock), archive);
    const facts = archive.catalog.facts(explained.cid);
    const said = Object.fromEntries(
      facts === undefined ? [] : placesOfReservations(facts, archive),
    );
    const title = archive.catalog.asset(explained.cid)?.title ?? '';
    const rules = explained.gates.flatMap((gate) => gate.rules);
    if (!rules.some(({ code }) => LIKE_REGISTERED.has(code)))
      return { title, verdict: explained, said };
    const matches = await shownMatches(explained.cid, archive);
    return { title, verdict: { ...explained, matches }, said };
  },
});

/** Writes the verdict on one asset with all that it follows from into a file. */
export const proveAssetVerdict = createOperation({
  name: 'explain.prove',
  opens: 'archive',
  changes: true,
  input: question.extend({
    asset: cidText,
    /** An absolute path. */
    path: z.string().min(1),
  }),
  result: z.strictObject({ ...exportedFeed.shape, verdict }),
  run: async (archive, input, { signal }) =>
    proveVerdict(dated(input, archive.clock), archive, signal),
});
