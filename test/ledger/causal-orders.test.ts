import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryHashFromBytes } from '../../src/core/entries/entry-hash.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { LedgerStore } from '../../src/ledger/tables/ledger-store.ts';
import { MIGRATIONS } from '../../src/ledger/tables/schema.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { AT } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry, openReplica, testArchive } from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben', 'cyd');
const AUTHORS = ['ana', 'ben', 'cyd', 'eve'].map(signerOf);

/** One entry of a random log: who, over which of those before it, saying what. */
interface Step {
  readonly author: number;
  readonly parents: readonly number[];
  readonly says: 'hold' | 'resolution' | 'bad' | 'unknown' | 'broken';
}

const steps = fc.array(
  fc.record<Step>({
    author: fc.integer({ min: 0, max: 3 }),
    parents: fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 4 }),
    says: fc.constantFrom('hold', 'hold', 'resolution', 'bad', 'unknown', 'broken'),
  }),
  { minLength: 1, maxLength: 30 },
);

/** An entry with the numbers of its parents, the founding entry being 0. */
interface Node {
  readonly made: MadeEntry;
  readonly parents: readonly number[];
}

function build(story: readonly Step[]): Node[] {
  const nodes: Node[] = [{ made: archive.founding, parents: [] }];
  for (const [i, { author, parents: picks, says }] of story.entries()) {
    const parents = [...new Set(picks.map((pick) => pick % nodes.length))];
    const over = parents.flatMap((parent) => nodes[parent]?.made ?? []);
    const signer = AUTHORS[author] ?? signerOf('ana');
    const statement = statementOf(says, i, over[0]?.hash ?? archive.founding.hash);
    const changes = says === 'broken' ? { v: 1 } : {};
    const made = makeEntry(archive, signer, over, [statement], changes);
    nodes.push({ made, parents });
  }
  return nodes;
}

function statementOf(says: Step['says'], i: number, parent: EntryHash): StatementOutline {
  const hold = createStatement('hold', { asset: assetCid(`${i}`) }, AT, BODIES.hold);
  if (says === 'bad') return { ...hold, body: {} };
  if (says === 'unknown') return { ...hold, kind: 'blessing' };
  if (says !== 'resolution') return hold;
  // Some parents have one statement and none has two: half of these refer to nothing.
  const of = [`${parent}/${i % 2}`];
  return createStatement('resolution', hold.about, AT, { ...BODIES.resolution, of });
}

/** Which entries lie in the past of each: by the definition. */
function pasts(nodes: readonly Node[]): Set<number>[] {
  const all: Set<number>[] = [];
  for (const { parents } of nodes) {
    const past = new Set(parents);
    for (const parent of parents) for (const one of all[parent] ?? []) past.add(one);
    all.push(past);
  }
  return all;
}

/** The nodes after the first in an order that keeps parents first and goes by `keys` elsewhere. */
function causalOrder(nodes: readonly Node[], keys: readonly number[]): Node[] {
  const done = new Set([0]);
  const order: Node[] = [];
  const open = nodes.map((_, i) => i).slice(1);
  while (open.length > 0) {
    const ready = open.filter((i) => nodes[i]?.parents.every((parent) => done.has(parent)));
    ready.sort((a, b) => (keys[a % keys.length] ?? 0) - (keys[b % keys.length] ?? 0) || a - b);
    const [next] = ready;
    const node = next === undefined ? undefined : nodes[next];
    if (next === undefined || node === undefined) throw new Error('the log has a cycle');
    open.splice(open.indexOf(next), 1);
    done.add(next);
    order.push(node);
  }
  return order;
}

/** What must not depend on the order of arrival. */
async function stateOf(ledger: SqliteLedger, path: string) {
  const entries: unknown[] = [];
  for await (const { number: _, ...arrival } of ledger.arrivals(0)) entries.push(arrival);
  using db = openDatabase(path, { migrations: MIGRATIONS, readOnly: true });
  const heads = new LedgerStore(db).heads.after(-1, 1_000);
  return {
    entries: entries.map((one) => JSON.stringify(one)).sort(),
    heads: heads.map((head) => entryHashFromBytes(head.cid)).sort(),
    forked: [...new Set(ledger.forks().map((fork) => fork.author))].sort(),
  };
}

async function importInOrder(order: readonly Node[], page: number) {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const made = order.map((node) => node.made);
  for (let start = 0; start < made.length; start += page) {
    await ledger.importEntries(made.slice(start, start + page));
  }
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
  return await stateOf(ledger, join(folder.path, 'ana.db'));
}

it('accepts the same entries, with the same heads and the same standing, in every causal order', async () => {
  const orders = fc.array(
    fc.record({
      keys: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      page: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 2, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(steps, orders, async (story, ways) => {
      const nodes = build(story);
      const first = await importInOrder(nodes.slice(1), nodes.length);
      for (const { keys, page } of ways) {
        expect(await importInOrder(causalOrder(nodes, keys), page)).toEqual(first);
      }
    }),
    { numRuns: 10 },
  );
});

it('knows what lies in whose past, for logs of any shape and arrived in any order', async () => {
  const keys = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, keys, async (story, order) => {
      // Every entry by a member, so that all of them are accepted.
      const nodes = build(
        story.map((step) => ({ ...step, author: step.author % 3, says: 'hold' })),
      );
      using folder = temporaryFolder();
      await using ledger = await openReplica(archive, folder.path, 'ben');
      await ledger.importEntries(causalOrder(nodes, order).map((node) => node.made));
      const past = pasts(nodes);
      for (const [i, one] of nodes.entries()) {
        for (const [j, other] of nodes.entries()) {
          const expected = past[j]?.has(i) ?? false;
          expect(ledger.isAncestor(one.made.hash, other.made.hash), `${i} of ${j}`).toBe(expected);
        }
      }
    }),
    { numRuns: 30 },
  );
});
