import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { deleteErased } from '../../src/archive/erasing/delete-erased.ts';
import type { Cid } from '../../src/core/cid.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { AT, appendOf, depositOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry } from '../support/ledger-archive.ts';
import { Siege, within } from '../support/siege.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 240_000 });

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
  await siege.victim.archive.ledger.append(appendOf('kept', 'gone'));
});
afterAll(() => siege?.[Symbol.asyncDispose]());

const kept = depositOf('kept').record.cid;
const gone = depositOf('gone').record.cid;

function made(name: string, over: readonly MadeEntry[], ...said: readonly StatementOutline[]) {
  const { address } = siege.victim.archive.ledger;
  return makeEntry({ address }, signerOf(name), over, said);
}

function erasing(records: readonly Cid[]): StatementOutline {
  const sorted = [...new Set(records)].sort();
  return createStatement('erasure', null, AT, { ...BODIES.erasure, records: sorted });
}

/** A statement that names a record, whosever it is. */
function naming(record: Cid): StatementOutline {
  return createStatement('hold', { asset: assetCid('any') }, AT, { ...BODIES.hold, record });
}

/** Makes a test key a member, and returns the entry by which it is one. */
async function grant(name: string, role: 'steward' | 'archivist' | 'partner'): Promise<MadeEntry> {
  const size = siege.victim.archive.ledger.size();
  await siege.grant(name, role);
  const granted = siege.entries().findLast(({ blocks }, i) => i >= size && blocks.length === 0);
  if (granted === undefined) throw new Error('a grant has no batch');
  return granted;
}

let carriers = 0;

/** Has another member, each time a new one, show entries to the victim, until it holds all of them. */
async function deliver(...entries: readonly MadeEntry[]): Promise<void> {
  carriers += 1;
  const name = `carrier ${carriers}`;
  await siege.grant(name);
  await using _shown = await siege.show(name, siege.logOf(name, entries));
  await within(() => expect(entries.every((entry) => siege.has(entry))).toBe(true));
}

async function named(): Promise<Cid[]> {
  const records: Cid[] = [];
  for await (const { record } of siege.victim.archive.ledger.namings()) records.push(record);
  return records;
}

it.each(['archivist', 'partner'] as const)(
  'a hostile %s erases nothing, though it names every record as its own and then again',
  async (role) => {
    const granted = await grant(role, role);
    await siege.during(async () => {
      const { ledger, catalog } = siege.victim.archive;
      await ledger.append(appendOf(`newer than the ${role}`));
      const records = await named();
      const past = siege.heads();
      const own = made(role, past, ...records.map(naming));
      const all = made(role, [own], erasing(records));
      // And once as if it had seen none of what it erases.
      const blind = made(role, [granted], erasing(records));
      await deliver(own, all, blind);
      expect(await named()).toEqual(expect.arrayContaining(records));
      for (const { hidden, id } of ledger.erasures()) expect(hidden, id).toBe(0);
      expect(await deleteErased({ isEarly: true }, siege.victim.archive)).toMatchObject({
        records: 0,
      });
      expect(catalog.list({ text: 'kept' }, { limit: 2 }).assets).toHaveLength(1);
    });
  },
);

it('what names no record erases nothing: batches, sets, the charter, the works themselves', async () => {
  await siege.grant('second', 'steward');
  await siege.during(async () => {
    const { ledger } = siege.victim.archive;
    const { policies, trust } = ledger.charter;
    const blocks = [ledger.charterCid, ...Object.values(policies), ...Object.values(trust)];
    const before = blocks.map((cid) => ledger.block(cid));
    await deliver(made('second', siege.heads(), erasing(blocks)));
    await deleteErased({ isEarly: true }, siege.victim.archive);
    expect(blocks.map((cid) => ledger.block(cid))).toEqual(before);
  });
});

it('an erased record is not brought back by whoever still has it', async () => {
  await siege.grant('hoarder', 'archivist');
  await siege.during(async () => {
    const { ledger } = siege.victim.archive;
    const { record } = depositOf('gone');
    const before = siege.heads();
    await ledger.append({ statements: [erasing([gone])], records: [], documents: [] });
    const again = [
      made('hoarder', before, naming(gone)),
      made('hoarder', siege.heads(), naming(gone)),
    ].map((entry) => ({ ...entry, records: [record] }));
    await deliver(...again);
    expect(ledger.record(gone)).toBeUndefined();
    await deleteErased({ isEarly: true }, siege.victim.archive);
    const later = made('hoarder', siege.heads(), naming(gone));
    await deliver({ ...later, records: [record] });
    expect(await siege.victim.archive.feed.importRecords([record])).toEqual([]);
    expect(ledger.record(gone)).toBeUndefined();
    expect(ledger.record(kept)).toBeDefined();
  });
  for await (const problem of siege.victim.archive.ledger.verify()) expect(problem).toBeUndefined();
});
