import { z } from 'zod';
import type { Verdict } from '../../core/policy/explain.ts';
import { explain } from '../explain.ts';
import { proveVerdict } from '../prove-verdict.ts';
import { placesOfReservations } from '../reservations-of.ts';
import { type ShownMatch, shownMatches } from './match-synthetic.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

interface Explained {
  readonly title: string;
  /** With the registered works that stop it for being like them, if that is why. */
  readonly verdict: Verdict & { readonly matches?: readonly ShownMatch[] };
  /** Of each reservation by a source, where it stood. */
  readonly said: Readonly<Record<string, readonly string[]>>;
}

/** Codes of R10 by which an asset is, or is like, a registered one. */
const LIKE_REGISTERED: ReadonlySet<string | null> = new Set(['H_NEAR_DUP', 'E_DUP_SYNTH']);

/** Gives the verdict on one asset, what it is called, and where sources reserve uses. */
export const explainAsset = createOperation({
  name: 'explain',
  opens: 'archive',
  changes: false,
  input: question.extend({ asset: cidText }),
  async run(archive, input): Promise<Explained> {
    const verdict = explain(dated(input, archive.clock), archive);
    const facts = archive.catalog.facts(verdict.cid);
    const said = Object.fromEntries(
      facts === undefined ? [] : placesOfReservations(facts, archive),
    );
    const title = archive.catalog.asset(verdict.cid)?.title ?? '';
    const rules = verdict.gates.flatMap((gate) => gate.rules);
    if (!rules.some(({ code }) => LIKE_REGISTERED.has(code))) return { title, verdict, said };
    const matches = await shownMatches(verdict.cid, archive);
    return { title, verdict: { ...verdict, matches }, said };
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
  run: async (archive, input, { signal }) =>
    proveVerdict(dated(input, archive.clock), archive, signal),
});
