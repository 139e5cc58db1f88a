import { expect, it } from 'vitest';
import { changeQuorum } from '../../src/archive/governing/change-quorum.ts';
import {
  adoptEntries,
  grantMember,
  revokeMember,
  rotateKey,
} from '../../src/archive/governing/members.ts';
import { enactReady, propose, vote } from '../../src/archive/governing/propose.ts';
import { proposeDocument } from '../../src/archive/governing/propose-document.ts';
import { setCollection } from '../../src/archive/governing/set-collection.ts';
import { say } from '../../src/archive/say.ts';
import { fromEntryHash } from '../../src/core/entries/entry-hash.ts';
import type { Ledger } from '../../src/core/ports/ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { appendOf } from '../support/deposits.ts';
import { fixedClock, seededBytes } from '../support/environs.ts';
import { signerOf } from '../support/keys.ts';
import { openReplica, testArchive } from '../support/ledger-archive.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const didOf = (name: string) => signerOf(name).did;

function partsOf(ledger: SqliteLedger) {
  return { ledger, clock: fixedClock, randomBytes: seededBytes('governing'), sha256 };
}

/** Hands what one home holds to another, as far as it is inline or named by a proposal. */
async function pass(from: SqliteLedger, to: SqliteLedger): Promise<void> {
  for await (const { entry, standing, author } of from.arrivals(0)) {
    const bytes = from.block(fromEntryHash(entry));
    const [said] = standing;
    if (bytes === undefined || said === undefined || author === to.self.did) continue;
    const document = said.statement.kind === 'proposal' ? said.statement.body.document : null;
    const block = document === null ? undefined : from.block(document);
    const blocks =
      document === null || block === undefined ? [] : [{ cid: document, bytes: block }];
    await to.importEntries([{ bytes, blocks, records: [] }]);
  }
}

it('a steward alone grants, revokes and rotates, and the member acts accordingly', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana');
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using dan = await openReplica(archive, folder.path, 'dan');
  const parts = partsOf(ana);
  await expect(dan.append(appendOf('a'))).rejects.toThrow(
    expect.objectContaining({ code: 'member_missing' }),
  );
  await grantMember({ key: didOf('dan'), role: 'archivist', replica: 'all', name: 'Dan' }, parts);
  await pass(ana, dan);
  expect(dan.self.organisation).toMatch(/^[0-9a-f]{32}$/);
  await dan.append(appendOf('a'));
  await rotateKey({ old: didOf('dan'), key: didOf('dan2') }, parts);
  expect(ana.memberOf(didOf('dan'))).toBeUndefined();
  expect(ana.memberOf(didOf('dan2'))).toMatchObject({ id: didOf('dan'), roles: ['archivist'] });
  await revokeMember({ id: didOf('dan') }, parts);
  expect(ana.members()).toHaveLength(1);
  await expect(revokeMember({ id: didOf('eve') }, parts)).rejects.toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
  await expect(revokeMember({ id: didOf('ana') }, parts)).rejects.toThrow(
    expect.objectContaining({ code: 'statement_rejected' }),
  );
  const { ids } = await ana.append(appendOf('b'));
  await expect(adoptEntries([], parts)).rejects.toThrow();
  expect(ids).toHaveLength(1);
});

it('two stewards decide together, and whoever sees the majority enacts', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana', 'ben');
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using ben = await openReplica(archive, folder.path, 'ben');
  const gold = ana.policies().find(({ policy }) => policy.name === 'gold')?.policy;
  const document = { ...gold, version: 2 };
  const proposed = await proposeDocument({ document, reason: 'stricter' }, partsOf(ana));
  expect(proposed).toMatchObject({ status: 'open', yes: 1, needed: 2 });
  expect(await enactReady(partsOf(ana))).toEqual([]);
  await pass(ana, ben);
  expect(await vote(proposed.proposal, 'yes', partsOf(ben))).toMatchObject({ status: 'enacted' });
  const versions = ben.policies().map(({ policy }) => policy.version);
  expect(versions).toEqual([1, 1, 2]);
  await pass(ben, ana);
  expect(ana.policies()).toEqual(ben.policies());
  expect(ana.governance().proposals[0]).toMatchObject({ status: 'enacted' });
});

it('two nodes that enact the same proposal at the same moment are no failure', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana', 'ben');
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using ben = await openReplica(archive, folder.path, 'ben');
  const gold = ana.policies().find(({ policy }) => policy.name === 'gold')?.policy;
  const document = { ...gold, version: 2 };
  const { proposal } = await proposeDocument({ document, reason: 'x' }, partsOf(ana));
  await pass(ana, ben);
  await say('approval', { proposal, vote: 'yes', digest: null }, partsOf(ben));
  await pass(ben, ana);
  await enactReady(partsOf(ana));
  const overtaken: Pick<Ledger, 'self' | 'memberOf' | 'governance' | 'append'> = {
    self: ben.self,
    memberOf: (did) => ben.memberOf(did),
    governance: () => ben.governance(),
    append: async (request) => {
      await pass(ana, ben);
      return ben.append(request);
    },
  };
  expect(await enactReady({ ledger: overtaken, clock: fixedClock })).toEqual([]);
  expect(ben.governance().proposals[0]).toMatchObject({ status: 'enacted' });
});

it('a stolen key takes a proposal, and a steward alone can make it', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana');
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using dan = await openReplica(archive, folder.path, 'dan');
  const parts = partsOf(ana);
  await grantMember({ key: didOf('dan'), role: 'archivist', replica: 'all' }, parts);
  const ruled = await revokeMember({ id: didOf('dan'), last: [] }, parts);
  // dan has written nothing yet, so nothing is what a revocation keeps.
  expect(ruled).toHaveProperty('entry');
  expect(ana.governance().proposals).toHaveLength(0);
  await grantMember({ key: didOf('eve'), role: 'partner', replica: 'none' }, parts);
  await revokeMember({ id: didOf('eve'), last: [archive.founding.hash] }, parts);
  expect(ana.governance().proposals[0]).toMatchObject({ status: 'enacted' });
  expect(ana.memberOf(didOf('eve'))).toBeUndefined();
  expect(dan.size()).toBe(1);
});

it('documents that are none, and collections that the charter forbids, are refused', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana');
  await using ana = await openReplica(archive, folder.path, 'ana');
  const usage = expect.objectContaining({ code: 'usage_invalid' });
  for (const document of [{}, { type: 'policy' }, 'gold']) {
    await expect(proposeDocument({ document, reason: 'x' }, partsOf(ana))).rejects.toThrow(usage);
  }
  const set = await setCollection(
    { name: 'prints', visibility: 'public', readers: [] },
    partsOf(ana),
  );
  expect(set.collection).toMatch(/^[0-9a-f]{32}$/);
  await expect(propose({ topic: 'format', reason: 'x', format: 1 }, partsOf(ana))).rejects.toThrow(
    expect.objectContaining({ code: 'statement_rejected' }),
  );
});

it('how many stewards must approve is changed by a proposal, and never to more than there are', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana', 'ben', 'cyd');
  await using ana = await openReplica(archive, folder.path, 'ana');
  await using ben = await openReplica(archive, folder.path, 'ben');
  const usage = expect.objectContaining({ code: 'usage_invalid' });
  for (const quorum of [4, archive.charter.quorum]) {
    await expect(changeQuorum({ quorum, reason: 'x' }, partsOf(ana))).rejects.toThrow(usage);
  }
  const changed = await changeQuorum({ quorum: 3, reason: 'all' }, partsOf(ana));
  expect(changed).toMatchObject({ status: 'open', yes: 1, needed: 2 });
  const change = { joins: [], leaves: [], newKeys: [], cut: [], needed: { before: 2, after: 3 } };
  expect(ana.governance().proposals[0]).toMatchObject({ change });
  await pass(ana, ben);
  expect(await vote(changed.proposal, 'yes', partsOf(ben))).toMatchObject({ status: 'enacted' });
  expect(ben.governance()).toMatchObject({ quorum: 3, needed: 3 });
  expect(ben.governance().stewards).toEqual(ana.governance().stewards);
  // What it changed is told of the stewards that it was built on, not of those who sit now.
  expect(ben.governance().proposals[0]).toMatchObject({ status: 'enacted', change });
});

it('a proposal tells whom it seats, removes, gives a key and believes less', async () => {
  using folder = temporaryFolder();
  const archive = testArchive('ana', 'ben', 'cyd');
  await using ana = await openReplica(archive, folder.path, 'ana');
  const parts = partsOf(ana);
  const told = () => ana.governance().proposals.at(-1)?.change;
  const same = { joins: [], leaves: [], newKeys: [], cut: [] };
  const needed = { before: 2, after: 2 };
  await grantMember({ key: didOf('dan'), role: 'steward', replica: 'none' }, parts);
  expect(told()).toEqual({ ...same, joins: [didOf('dan')], needed: { before: 2, after: 3 } });
  await revokeMember({ id: didOf('cyd') }, parts);
  expect(told()).toEqual({ ...same, leaves: [didOf('cyd')], needed });
  await rotateKey({ old: didOf('ben'), key: didOf('ben2') }, parts);
  expect(told()).toEqual({ ...same, newKeys: [didOf('ben')], needed });
  await grantMember({ key: didOf('eve'), role: 'partner', replica: 'none' }, parts);
  await revokeMember({ id: didOf('eve'), last: [archive.founding.hash] }, parts);
  expect(told()).toEqual({ ...same, cut: [didOf('eve')], needed });
});
