import { expect, it, vi } from 'vitest';
import { explain } from '../../src/archive/explain.ts';
import { addReview } from '../../src/archive/judging/add-review.ts';
import { attestSet } from '../../src/archive/judging/attest-set.ts';
import { stop } from '../../src/archive/judging/stop.ts';
import { grantMember } from '../../src/archive/members.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { oneAsset, stateAbout } from '../../src/archive/state-about.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000 });

/** The verdict under `generative-training`, with the codes of the rules that fail. */
function answer(asset: Cid, { archive }: PartnerNode): string {
  const at = timestampOf(archive.clock);
  const purpose = 'ai_generative_training';
  const policy = 'generative-training';
  const question = { asset, purpose, policy, requester: 'anyone', at } as const;
  const { verdict, level, gates } = explain(question, archive);
  const codes = gates.flatMap(({ rules }) => rules).flatMap(({ code }) => code ?? []);
  return [verdict, level, ...codes].join(' ');
}

async function tell<K extends KindName>(
  kind: K,
  asset: Cid,
  body: BodyOf<K>,
  { archive }: PartnerNode,
) {
  const statement = createStatement(kind, { asset }, timestampOf(archive.clock), body);
  await archive.ledger.append({ statements: [statement], records: [], documents: [] });
  await archive.catalog.catchUp();
}

it('lets a work train generative models on three nodes, until any one fact is taken away', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  const asset = await homes.deposit(a);
  const b = await homes.join('b', a);
  const c = await homes.join('c', a);
  const nodes = [a, b, c];
  const everywhere = async (expected: RegExp) => {
    for (const node of nodes) {
      await expect.poll(() => answer(asset, node), SOON).toMatch(expected);
    }
  };
  for (const { network, archive } of [b, c]) {
    await grantMember({ key: network.did, role: 'reviewer', replica: 'all' }, a.archive);
    const isReviewer = () => archive.ledger.memberOf(network.did)?.roles.includes('reviewer');
    await expect.poll(isReviewer, SOON).toBe(true);
  }
  await tell(
    'licence',
    asset,
    { deposit: null, licence: 'CC0-1.0', replaces: [], record: null },
    a,
  );
  // The rules ask whether it was compared by content; a line has nothing to compare.
  const compared = { inspector: 'fingerprints', version: 1, outcome: 'none', facts: {} } as const;
  await tell('finding', asset, { findings: [compared], record: null }, a);
  const values = {
    cid: asset,
    item: 'inv-1',
    date: '1901-12-31',
    source: 'catalogue:hind-1912',
    digitised: '2015-06-01',
    source_type: 'digitalCreation',
    maker: 'dead',
  };
  const { id } = await attestSet([{ line: 2, values }], a.archive);
  await everywhere(/^ineligible H2 E_EVIDENCE$/);

  // The museum does not judge its own attestation, nor what it deposited.
  const review = { asset, rubric: 'item', outcome: 'confirmed', hasNoStake: true } as const;
  const plain = { ...review, evidence: [], note: undefined };
  const draw = { attestation: id, number: 0 };
  await expect(addReview({ ...plain, draw }, a.archive)).rejects.toMatchObject({
    code: 'review_refused',
  });
  await expect(addReview(plain, a.archive)).rejects.toMatchObject({ code: 'review_refused' });
  await expect.poll(() => b.archive.catalog.nextDraws(id, 1)?.draws.length, SOON).toBe(1);
  const withStake = { ...plain, draw, hasNoStake: false };
  await expect(addReview(withStake, b.archive)).rejects.toMatchObject({ code: 'review_refused' });
  await addReview({ ...plain, draw }, b.archive);
  await expect(addReview({ ...plain, draw }, b.archive)).rejects.toMatchObject({
    code: 'review_refused',
  });
  await everywhere(/^eligible H3$/);

  // Evidence: a third organisation finds that the item is not as attested, and takes that back.
  const wrong = { ...plain, outcome: 'contradicted', evidence: [id] } as const;
  const found = await addReview(wrong, c.archive);
  await everywhere(/^ineligible H0 .*E_EVIDENCE.*H_HOLD/);
  const subject = oneAsset(asset);
  const lift = (of: string, by: PartnerNode) =>
    stateAbout(
      'resolution',
      (record) => ({ of: [of], outcome: 'lifted', record }),
      { subject },
      by.archive,
    );
  await lift(found.id, c);
  await everywhere(/^hold H3 H_HOLD$/);
  await lift(found.id, b);
  await everywhere(/^eligible H3$/);

  // Peace: a dispute that its own opener takes back, and the depositor cannot.
  const words = {
    kind: 'dispute',
    reason: 'not-mine',
    by: 'member',
    against: [] as string[],
  } as const;
  const dispute = await stop({ ...words, against: [] }, { subject, note: 'x' }, b.archive);
  await everywhere(/^hold H3 H_DISPUTE$/);
  await expect.poll(() => a.archive.catalog.facts(asset)?.known.dispute?.length, SOON).toBe(1);
  await lift(dispute.id, a);
  await lift(dispute.id, b);
  await everywhere(/^eligible H3$/);

  // A copy: one of the two is found damaged.
  await tell('fixity', asset, { outcome: 'corrupt', bytes: 0 }, a);
  await expect
    .poll(() => answer(asset, a), SOON)
    .toMatch(/^(ineligible H3 E_INTEGRITY|eligible H3)/);

  // The licence.
  const licence = { deposit: null, licence: 'CC-BY-NC-4.0', replaces: [], record: null };
  await tell('licence', asset, licence, a);
  await everywhere(/^ineligible H3 .*E_NO_GRANT/);
});
