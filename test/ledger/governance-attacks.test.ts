import { expect, it } from 'vitest';
import { createStatement } from '../../src/core/statements/statement.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { appendOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import {
  AT,
  type MadeEntry,
  makeEntry,
  openReplica,
  organisationOf,
  testArchive,
} from '../support/ledger-archive.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana');
const [ana, dan] = [signerOf('ana'), signerOf('dan')];

function grantOf(name: string, over: readonly MadeEntry[]): MadeEntry {
  const { did } = signerOf(name);
  const body = {
    id: did,
    key: did,
    organisation: organisationOf(name),
    role: 'archivist',
  } as const;
  const grant = createStatement('grant', null, AT, { ...body, replica: 'all', record: null });
  return makeEntry(archive, ana, over, [grant], { inline: true });
}

function holdOf(name: string, over: readonly MadeEntry[]): MadeEntry {
  const hold = createStatement('hold', { asset: assetCid(name) }, AT, BODIES.hold);
  return makeEntry(archive, dan, over, [hold]);
}

async function countsOf(ledger: SqliteLedger): Promise<{ standing: number; void: number }> {
  const counts = { standing: 0, void: 0 };
  for await (const arrival of ledger.arrivals(0)) {
    counts.standing += arrival.standing.length;
    counts.void += arrival.void.length;
  }
  return counts;
}

async function expectWhole(ledger: SqliteLedger): Promise<void> {
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
}

it('a revoked member that floods with back-dated entries changes nothing and stops nobody', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const grant = grantOf('dan', [archive.founding]);
  const kept = holdOf('kept', [grant]);
  const revoke = makeEntry(
    archive,
    ana,
    [kept],
    [
      createStatement('revoke', null, AT, {
        ...{ id: dan.did, key: null, last: [kept.hash], proposal: null },
      }),
    ],
    { inline: true },
  );
  await ledger.importEntries([grant, kept, revoke]);
  const flood = Array.from({ length: 200 }, (_, i) => holdOf(`flood ${i}`, [grant]));
  const outcomes = await ledger.importEntries(flood);
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
  await ledger.append(appendOf('a'));
  const { standing, void: nothing } = await countsOf(ledger);
  expect(nothing).toBe(flood.length);
  // The founding checkpoint, grant, kept entry, revocation and the honest append.
  expect(standing).toBe(5);
  expect(ledger.forks().some(({ author }) => author === dan.did)).toBe(true);
  await expectWhole(ledger);
});

it('goes on over hundreds of concurrent governance entries', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const names = Array.from({ length: 200 }, (_, i) => `member ${i}`);
  await ledger.importEntries(names.map((name) => grantOf(name, [archive.founding])));
  await ledger.append(appendOf('a'));
  await ledger.checkpoint({ force: true });
  expect(ledger.members()).toHaveLength(201);
  await expectWhole(ledger);
});

it('two homes with one key both stand, and the pair is kept', async () => {
  using folder = temporaryFolder();
  await using ledger = await openReplica(archive, folder.path, 'ana');
  const grant = grantOf('dan', [archive.founding]);
  await ledger.importEntries([grant, holdOf('a', [grant]), holdOf('b', [grant])]);
  expect((await countsOf(ledger)).void).toBe(0);
  expect(ledger.forks()).toHaveLength(1);
});
