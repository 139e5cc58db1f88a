import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { fromEntryHash, toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { openCheckpoint } from '../../src/core/entries/note.ts';
import type { Arrival, Ledger } from '../../src/core/ports/ledger.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { cosignCheckpoint } from '../../src/core/witnessing/cosignature.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { AT, appendOf, depositOf, noteOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { assetCid, BODIES, documentCid } from '../support/statement-bodies.ts';

/** A ledger that holds the founding entry only, and a way to leave and enter it again. */
export interface OpenedLedger extends AsyncDisposable {
  readonly ledger: Ledger;
  /** Closes the ledger and returns it opened again. */
  reopen(): Promise<Ledger>;
}

/** What every ledger does. `open` gives a new archive, whose home key is its founding steward. */
export function describeLedger(name: string, open: () => Promise<OpenedLedger>): void {
  const refused = expect.objectContaining({ code: 'statement_rejected' });
  const hold = (about: StatementOutline['about'], record: Cid | null = null) =>
    createStatement('hold', about, AT, { ...BODIES.hold, record });

  describe(name, () => {
    it('begins with the founding entry, which holds a checkpoint of nothing', async () => {
      await using opened = await open();
      const { ledger } = opened;
      expect(ledger.size()).toBe(1);
      const [founding] = await arrivalsOf(ledger);
      expect(founding).toMatchObject({ number: 0, author: ledger.self.did, unknown: [], void: [] });
      expect(founding?.standing[0]?.statement).toMatchObject({
        kind: 'checkpoint',
        body: { size: 0 },
      });
      expect(ledger.address).toMatch(/^\/orbitdb\/zdpu/);
    });

    it('gives back what was appended, with who said it and where', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const { entry, arrival, ids } = await ledger.append(appendOf('a', 'b'));
      expect(arrival).toBe(1);
      expect(ids).toEqual([`${entry}/0`, `${entry}/1`]);
      const [read] = await arrivalsOf(ledger, 1);
      expect(read).toMatchObject({ number: 1, entry, author: ledger.self.did });
      expect(read?.standing.map((one) => one.id)).toEqual(ids);
      expect(read?.standing[1]).toMatchObject({
        entry,
        clock: 2,
        author: ledger.self.did,
        organisation: ledger.self.organisation,
        roles: ['steward'],
        statement: depositOf('b').statement,
      });
    });

    it('appends in the order of the calls, however they overlap', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const names = Array.from({ length: 20 }, (_, i) => `asset ${i}`);
      const appended = await Promise.all(names.map((one) => ledger.append(appendOf(one))));
      expect(appended.map((one) => one.arrival)).toEqual(names.map((_, i) => i + 1));
      const titles = (await arrivalsOf(ledger, 1)).map((one) => one.standing[0]?.statement.about);
      expect(titles).toEqual(names.map((one) => ({ asset: assetCid(one) })));
      for (const [i, { entry }] of appended.entries()) {
        const before = appended[i - 1]?.entry;
        if (before !== undefined) expect(ledger.isAncestor(before, entry)).toBe(true);
        expect(ledger.isAncestor(entry, entry)).toBe(false);
        expect(ledger.isAncestor(entry, appended[0]?.entry ?? entry)).toBe(false);
      }
    });

    it('knows the member whose key it has, and nobody of a stranger', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const { did, organisation } = ledger.self;
      const founder = {
        id: did,
        keys: [did],
        browserKeys: [],
        organisation,
        roles: ['steward'],
        replica: 'all',
      };
      expect(ledger.members()).toEqual([founder]);
      expect(ledger.memberOf(did)).toEqual(founder);
      expect(ledger.memberOf(signerOf('stranger').did)).toBeUndefined();
    });

    it('says the same when it is opened again', async () => {
      await using opened = await open();
      let { ledger } = opened;
      await ledger.append(appendOf('a'));
      await ledger.checkpoint();
      const salt = ledger.salt('maker', 'Ada');
      await ledger.append(appendOf('b'));
      const before = await arrivalsOf(ledger);
      const { address, charterCid } = ledger;
      ledger = await opened.reopen();
      expect(await arrivalsOf(ledger)).toEqual(before);
      expect(ledger).toMatchObject({ address, charterCid });
      expect(ledger.salt('maker', 'Ada')).toEqual(salt);
      expect((await ledger.append(appendOf('c'))).arrival).toBe(before.length);
    });

    it('yields from any arrival on, and nothing from the end', async () => {
      await using opened = await open();
      const { ledger } = opened;
      for (const one of ['a', 'b', 'c']) await ledger.append(appendOf(one));
      expect((await arrivalsOf(ledger, 2)).map((one) => one.number)).toEqual([2, 3]);
      expect(await arrivalsOf(ledger, 4)).toEqual([]);
    });

    it('gives records by name, and never as blocks', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const { record } = depositOf('a');
      expect(ledger.record(record.cid)).toBeUndefined();
      await ledger.append(appendOf('a'));
      expect(ledger.record(record.cid)).toMatchObject({ type: 'deposit', title: 'a' });
      expect(ledger.block(record.cid)).toBeUndefined();
    });

    it('gives entries, batches, charter and policies as blocks', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const { entry } = await ledger.append(appendOf('a'));
      const blocks = [fromEntryHash(entry), ledger.charterCid, ledger.policies()[0]?.cid];
      for (const cid of blocks) {
        expect(cid === undefined ? undefined : ledger.block(cid)).toBeDefined();
      }
      expect(ledger.block(documentCid('nothing'))).toBeUndefined();
    });

    it('speaks of a set with one statement and knows its members', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const set = createSet(
        Array.from({ length: 20_000 }, (_, i) => assetCid(`${i}`)),
        sha256,
      );
      expect(set.blocks.length).toBeGreaterThan(2);
      await ledger.append({
        statements: [hold({ set: set.cid })],
        records: [],
        documents: set.blocks,
      });
      expect(await ledger.setMembers(set.cid)).toHaveLength(20_000);
      // Its pages need not come a second time.
      await ledger.append({ statements: [hold({ set: set.cid })], records: [], documents: [] });
      await expect(ledger.setMembers(documentCid('no set'))).rejects.toThrow(
        expect.objectContaining({ code: 'block_missing' }),
      );
    });

    it('makes one salt for each name, and another for each other name and sort', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const salts = [
        ledger.salt('maker', 'Ada'),
        ledger.salt('collection', 'Ada'),
        ledger.salt('maker', 'Ada '),
      ];
      expect(new Set(salts.map((salt) => Buffer.from(salt).toString('hex'))).size).toBe(3);
      expect(salts[0]).toHaveLength(16);
      expect(ledger.salt('maker', 'Ada')).toEqual(salts[0]);
    });

    it('knows the shipped policies, and the institution of its founder as self-vetted', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const names = ledger.policies().map(({ policy }) => policy.name);
      expect(names).toEqual(['corroborated', 'generative-training', 'gold']);
      const [institution] = ledger.institutions();
      expect(institution).toMatchObject({ id: ledger.self.organisation, selfVetted: true });
    });

    describe('refuses, and nothing has happened,', () => {
      const outline = hold({ asset: assetCid('a') });
      const set = createSet([assetCid('a'), assetCid('b')], sha256);
      const [root, page] = set.blocks;
      if (root === undefined || page === undefined) throw new Error('a set has a root and a page');
      const note = noteOf('note');
      const hash = fromNothing();
      const CASES: readonly [string, Parameters<Ledger['append']>[0]][] = [
        ['no statement', { statements: [], records: [], documents: [] }],
        [
          '1,025 statements',
          { statements: Array(1_025).fill(outline), records: [], documents: [] },
        ],
        ['a kind that is not known', alone({ ...outline, kind: 'blessing' })],
        ['a version that is not known', alone({ ...outline, v: 2 })],
        ['a broken body', alone({ ...outline, body: { ...outline.body, deadline: 'soon' } })],
        ['a broken outline', alone({ ...outline, at: 'now' })],
        ['a field too much', alone({ ...outline, extra: 1 } as StatementOutline)],
        ['a statement about what it is not about', alone({ ...outline, about: null })],
        ['a record that did not come', alone(hold(outline.about, note.cid))],
        ['a set that did not come', alone(hold({ set: set.cid }))],
        [
          'a set without its pages',
          { statements: [hold({ set: set.cid })], records: [], documents: [root] },
        ],
        [
          'a set that is none',
          { statements: [hold({ set: page.cid })], records: [], documents: [page] },
        ],
        ['a record nobody names', { statements: [outline], records: [note], documents: [] }],
        [
          'a document nobody names',
          { statements: [outline], records: [], documents: [root, page] },
        ],
        [
          'bytes that are not what they came as',
          {
            statements: [hold(outline.about, note.cid)],
            records: [{ ...noteOf('x'), cid: note.cid }],
            documents: [],
          },
        ],
        [
          'a record that is none',
          { statements: [hold(outline.about, root.cid)], records: [root], documents: [] },
        ],
        [
          'a reference to what is not in the ledger',
          alone(
            createStatement('resolution', outline.about, AT, {
              ...BODIES.resolution,
              of: [`${hash}/0`],
            }),
          ),
        ],
        [
          'a governance statement that does not stand alone',
          { statements: [outline, enactment(hash)], records: [], documents: [] },
        ],
        [
          'a maker who may not say that',
          alone({ ...outline, carried: { envelope: note.cid, signer: '00'.repeat(32) } }),
        ],
      ];

      it.each(CASES)('%s', async (_what, append) => {
        await using opened = await open();
        const { ledger } = opened;
        await expect(ledger.append(append)).rejects.toThrow(refused);
        expect(ledger.size()).toBe(1);
        for (const { cid } of append.records) expect(ledger.record(cid)).toBeUndefined();
        for (const { cid } of append.documents) expect(ledger.block(cid)).toBeUndefined();
        expect((await ledger.append(appendOf('a'))).arrival).toBe(1);
      });

      it('a reference to a statement that its entry does not hold', async () => {
        await using opened = await open();
        const { ledger } = opened;
        const { entry, ids } = await ledger.append(appendOf('a'));
        const lift = (of: string) =>
          alone(
            createStatement('resolution', { asset: assetCid('a') }, AT, {
              ...BODIES.resolution,
              of: [of],
            }),
          );
        await expect(ledger.append(lift(`${entry}/1`))).rejects.toThrow(refused);
        await ledger.append(lift(ids[0] ?? ''));
      });
    });

    it('takes as many statements as an entry may hold', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const statements = Array.from({ length: 1_024 }, (_, i) => hold({ asset: assetCid(`${i}`) }));
      const { ids } = await ledger.append({ statements, records: [], documents: [] });
      expect(ids).toHaveLength(1_024);
    });

    describe('checkpoint', () => {
      it('carries what others have confirmed, while it is still the newest that can be said', async () => {
        await using opened = await open();
        const { ledger } = opened;
        const organisation = 'b'.repeat(32);
        const cosigned = (note: string) => {
          const line = cosignCheckpoint(note, signerOf('ben'), 1_700_000_000, sha256);
          return { note, cosignatures: [{ organisation, note: line }] };
        };
        expect(ledger.checkpointState()).toMatchObject({ isDue: false, isWorthConfirming: false });
        await ledger.append(appendOf('a'));
        expect(ledger.checkpointState().isDue).toBe(true);
        const { checkpoint } = await ledger.checkpoint();
        expect(ledger.checkpointState()).toMatchObject({
          isDue: false,
          isWorthConfirming: true,
          newest: { note: checkpoint.note, size: 2, cosignatures: [] },
        });
        const size = ledger.size();
        const carried = await ledger.checkpoint({ cosigned: cosigned(checkpoint.note) });
        expect(carried.checkpoint).toEqual(checkpoint);
        expect(ledger.size()).toBe(size + 1);
        const state = ledger.checkpointState();
        expect(state.newest).toMatchObject({ entry: carried.entry, ...cosigned(checkpoint.note) });
        expect([...state.confirmedBy]).toEqual([organisation]);
        // Over nothing new, the same have confirmed the next one too.
        await ledger.append(
          alone(createStatement('fixity', { asset: assetCid('a') }, AT, BODIES.fixity)),
        );
        const forced = await ledger.checkpoint({ force: true });
        expect([...ledger.checkpointState().confirmedBy]).toEqual([organisation]);
        await ledger.append(appendOf('b'));
        const overtaken = await ledger.checkpoint({ cosigned: cosigned(forced.checkpoint.note) });
        expect(overtaken.checkpoint.size).toBe(ledger.size() - 1);
        expect([...ledger.checkpointState().confirmedBy]).toEqual([]);
      });

      it('signs the tree of all that arrived, and names the state by an entry over it', async () => {
        await using opened = await open();
        const { ledger } = opened;
        const { entry: before } = await ledger.append(appendOf('a'));
        const { entry, checkpoint } = await ledger.checkpoint();
        const body = openCheckpoint(checkpoint.note, ledger.self.did, verifySignature, sha256);
        expect(body.size).toBe(2);
        expect(Buffer.from(body.root)).toEqual(Buffer.from(checkpoint.root));
        expect(body.origin.startsWith(`${ledger.charterCid}/${ledger.self.did}/`)).toBe(true);
        expect(ledger.isAncestor(before, entry)).toBe(true);
      });

      it('is not made again while nothing but upkeep arrives, unless a release asks', async () => {
        await using opened = await open();
        const { ledger } = opened;
        await ledger.append(appendOf('a'));
        const first = await ledger.checkpoint();
        expect(await ledger.checkpoint()).toEqual(first);
        expect(await ledger.checkpoint({ force: true })).toEqual(first);
        await ledger.append(
          alone(createStatement('fixity', { asset: assetCid('a') }, AT, BODIES.fixity)),
        );
        expect(await ledger.checkpoint()).toEqual(first);
        const forced = await ledger.checkpoint({ force: true });
        expect(forced.checkpoint.size).toBe(first.checkpoint.size + 2);
        expect(await ledger.checkpoint()).toEqual(forced);
        await ledger.append(appendOf('b'));
        expect((await ledger.checkpoint()).entry).not.toBe(forced.entry);
      });
    });

    it('finds nothing wrong with what it wrote itself', async () => {
      await using opened = await open();
      const { ledger } = opened;
      const set = createSet([assetCid('a'), assetCid('b')], sha256);
      ledger.salt('maker', 'Ada');
      await ledger.append(appendOf('a', 'b'));
      await ledger.append({
        statements: [hold({ set: set.cid })],
        records: [],
        documents: set.blocks,
      });
      await ledger.checkpoint();
      const progress: number[] = [];
      for await (const problem of ledger.verify({
        onProgress: (done) => progress.push(done.entries),
      })) {
        expect(problem).toBeUndefined();
      }
      expect(progress).toEqual([1, 2, 3, 4]);
    });

    it('verifies one state while more is appended', async () => {
      await using opened = await open();
      const { ledger } = opened;
      for (let i = 0; i < 5; i++) await ledger.append(appendOf(`${i}`));
      let more: Promise<unknown> = Promise.resolve();
      const onProgress = ({ entries }: { readonly entries: number }) => {
        more = Promise.all([more, ledger.append(appendOf(`while ${entries}`))]);
      };
      for await (const problem of ledger.verify({ onProgress })) expect(problem).toBeUndefined();
      await more;
      expect(ledger.size()).toBe(12);
      for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
    });

    it('stops verifying when it is told to', async () => {
      await using opened = await open();
      const signal = AbortSignal.abort();
      const problems = opened.ledger.verify({ signal })[Symbol.asyncIterator]();
      await expect(problems.next()).rejects.toThrow(expect.objectContaining({ code: 'aborted' }));
    });
  });
}

async function arrivalsOf(ledger: Ledger, since = 0): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const arrival of ledger.arrivals(since)) arrivals.push(arrival);
  return arrivals;
}

function alone(statement: StatementOutline): Parameters<Ledger['append']>[0] {
  return { statements: [statement], records: [], documents: [] };
}

/** The hash of an entry that is in no ledger. */
function fromNothing(): EntryHash {
  return toEntryHash(documentCid('no entry'));
}

function enactment(hash: EntryHash): StatementOutline {
  return createStatement('enactment', null, AT, { proposal: `${hash}/0` });
}
