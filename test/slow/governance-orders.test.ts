import fc from 'fast-check';
import { expect, it } from 'vitest';
import { membersOf } from '../../src/core/entries/standing.ts';
import type { Arrival } from '../../src/core/ports/ledger.ts';
import { StateDigest } from '../../src/core/provenance/state-digest.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import type { GovernanceModel, ModelEntry } from '../support/governance-model.ts';
import { buildStory, steps } from '../support/governance-story.ts';
import { openReplica } from '../support/ledger-archive.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ways = fc.array(
  fc.record({
    keys: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    page: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The entries in an order that keeps parents first and goes by `keys` elsewhere. */
function causalOrder(model: GovernanceModel, keys: readonly number[]): readonly ModelEntry[] {
  const waiting = new Set(model.entries.slice(1));
  const order: ModelEntry[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(({ parents }) =>
      parents.every((parent) => !waiting.has(model.at(parent))),
    );
    const keyOf = ({ number }: ModelEntry) => keys[number % keys.length] ?? 0;
    const [next] = ready.sort((a, b) => keyOf(a) - keyOf(b) || a.number - b.number);
    if (next === undefined) throw new Error('the log has a cycle');
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

async function standingIn(ledger: SqliteLedger): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {};
  for await (const arrival of ledger.arrivals(0)) said[arrival.entry] = wordsOf(arrival);
  return said;
}

async function digestOf(ledger: SqliteLedger): Promise<string> {
  const digest = new StateDigest(sha256);
  for await (const arrival of ledger.arrivals(0)) digest.add(arrival);
  return digest.toString();
}

/** The same, by what changed from one arrival to the next. */
class Follower {
  readonly said: Record<string, unknown> = {};
  #next = 0;

  async catchUp(ledger: SqliteLedger): Promise<void> {
    for await (const { arrival, restated } of ledger.changes(this.#next)) {
      this.said[arrival.entry] = wordsOf(arrival);
      for await (const earlier of restated) {
        this.said[earlier.entry] = wordsOf(earlier);
      }
      this.#next = arrival.number + 1;
    }
  }
}

function wordsOf(arrival: Arrival): unknown {
  const [standing] = arrival.standing;
  const [nothing] = arrival.void;
  if (standing === undefined) return nothing?.reason ?? 'unknown';
  return [standing.author, standing.organisation, standing.roles];
}

function standingInModel(model: GovernanceModel): Record<string, unknown> {
  const state = model.now();
  const accepted = model.entries.slice(1).filter(({ isAccepted }) => isAccepted);
  return Object.fromEntries(
    accepted.map((entry) => {
      const judgement = model.standingOf(entry, state);
      if (judgement?.outcome === 'void') return [entry.made.hash, judgement.reason];
      if (judgement?.outcome !== 'standing') return [entry.made.hash, 'unknown'];
      const { author, organisation, roles } = judgement;
      return [entry.made.hash, [author, organisation, roles]];
    }),
  );
}

it('accepts and lets stand the same as the rules say from scratch, in every causal order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, ways, async (story, orders) => {
      const model = buildStory(story);
      const expected = standingInModel(model);
      const members = membersOf(model.now());
      const digests = new Set<string>();
      using folder = temporaryFolder();
      for (const [i, { keys, page }] of orders.entries()) {
        await using ledger = await openReplica(
          model.archive,
          folder.path,
          ['ana', 'ben', 'eve'][i] ?? 'ana',
        );
        const order = causalOrder(model, keys);
        const accepted: string[] = [];
        const follower = new Follower();
        for (let start = 0; start < order.length; start += page) {
          const made = order.slice(start, start + page).map((entry) => entry.made);
          for (const { outcome, entry } of await ledger.importEntries(made)) {
            if (outcome === 'accepted') accepted.push(entry);
          }
          if (start % 2 === 0) await follower.catchUp(ledger);
        }
        await follower.catchUp(ledger);
        expect(follower.said).toEqual(await standingIn(ledger));
        const { [model.archive.founding.hash]: _founding, ...said } = await standingIn(ledger);
        expect(accepted.sort()).toEqual(Object.keys(expected).sort());
        expect(said).toEqual(expected);
        expect(ledger.members()).toEqual(members);
        digests.add(await digestOf(ledger));
        expect(digests.size).toBe(1);
        for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
