import { rmSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { copyHistoryOf } from '../../../src/archive/copies/copy-history-of.ts';
import { noteCopies } from '../../../src/archive/copies/note-copies.ts';
import { replicaStatus } from '../../../src/archive/copies/replica-status.ts';
import { explain } from '../../../src/archive/explain.ts';
import { grantMember } from '../../../src/archive/governing/members.ts';
import { proposeDocument } from '../../../src/archive/governing/propose-document.ts';
import { timestampOf } from '../../../src/archive/now.ts';
import { say } from '../../../src/archive/say.ts';
import type { Cid } from '../../../src/core/cid.ts';
import type { LogLine } from '../../../src/core/ports/log.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { PartnerHomes, type PartnerNode } from '../../support/partner-homes.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000 });

/** The rules that an asset passes under the policy that asks for two copies and a foreign witness. */
function passing(asset: Cid, { archive }: PartnerNode): readonly string[] {
  const at = timestampOf(archive.clock);
  const purpose = 'ai_generative_training';
  const question = {
    asset,
    purpose,
    policy: 'generative-training',
    requester: 'anyone',
    at,
  } as const;
  const rules = explain(question, archive).gates.flatMap((gate) => gate.rules);
  return rules.filter(({ pass }) => pass).map(({ rule }) => rule);
}

const statusOf = async ({ archive, services }: PartnerNode) =>
  replicaStatus({ ...archive, replica: services.replica }, { policy: 'corroborated' });

it('brings a partner level: entries, bytes, proofs of copies and confirmed checkpoints', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  const asset = await homes.deposit(a);
  expect(passing(asset, a)).not.toContain('R0');
  expect(passing(asset, a)).not.toContain('R1');
  const b = await homes.join('b', a);
  await expect.poll(() => b.archive.content.isRoot(asset), SOON).toBe(true);
  const titleAt = ({ archive }: PartnerNode) => archive.catalog.asset(asset)?.title;
  expect(titleAt(b)).toBe(titleAt(a));
  for (const node of [a, b]) {
    // A witness of another organisation, and two proven copies.
    await expect
      .poll(() => passing(asset, node), SOON)
      .toEqual(expect.arrayContaining(['R0', 'R1']));
  }
  const partner = async () => (await statusOf(a)).nodes.find(({ isThisHome }) => !isThisHome);
  const level = { toTake: 0, toGive: 0 };
  await expect.poll(partner, SOON).toMatchObject({ name: 'b', connected: true, level });
  expect(await partner()).toMatchObject({ wanted: 1, held: null, proven: 1, lost: 0 });

  // Of two stewards one proposes and the other approves; a node enacts by itself.
  const { did } = b.network;
  await grantMember({ key: did, role: 'steward', replica: 'all' }, a.archive);
  const isSteward = () => b.archive.ledger.memberOf(did)?.roles.includes('steward');
  await expect.poll(isSteward, SOON).toBe(true);
  const gold = a.archive.ledger.policies().find(({ policy }) => policy.name === 'gold')?.policy;
  const document = { ...gold, version: 2 };
  const { proposal, status } = await proposeDocument({ document, reason: 'x' }, a.archive);
  expect(status).toBe('open');
  const proposals = ({ archive }: PartnerNode) => archive.ledger.governance().proposals;
  const isAtB = () => proposals(b).some(({ id }) => id === proposal);
  await expect.poll(isAtB, SOON).toBe(true);
  await say('approval', { proposal, vote: 'yes', digest: null }, b.archive);
  const atA = () => proposals(a).find(({ id }) => id === proposal)?.status;
  await expect.poll(atA, SOON).toBe('enacted');
  // While it joins, a partner does not answer everything yet.
  const isAmiss = ({ level: grade, details }: LogLine) =>
    grade !== 'note' && details?.['code'] !== 'peer_refused';
  expect([...a.log, ...b.log].filter(isAmiss)).toEqual([]);
});

it('ends what two copies allow when one is gone, and what a witness allows when its word falls', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  const asset = await homes.deposit(a);
  const b = await homes.join('b', a);
  const both = expect.arrayContaining(['R0', 'R1']);
  await expect.poll(() => passing(asset, a), SOON).toEqual(both);

  // The partner's bytes are gone, and a month later it has to show them again before it looks itself.
  await b[Symbol.asyncDispose]();
  rmSync(homes.path('b', 'packs'), { recursive: true });
  rmSync(homes.path('b', 'content.db'));
  homes.laterMs = 31 * 86_400_000;
  const bare = await homes.open('b', { want: 'none', renewDays: 60 });
  await bare.network.dial(a.network.addresses[0] ?? '');
  await expect.poll(() => passing(asset, a), SOON).not.toContain('R1');
  expect(passing(asset, a)).toContain('R0');
  const copies = (await statusOf(a)).nodes.find(({ isThisHome }) => !isThisHome);
  expect(copies).toMatchObject({ wanted: 1, proven: 0, lost: 1 });
  await bare[Symbol.asyncDispose]();
  const whole = await homes.open('b');
  await whole.network.dial(a.network.addresses[0] ?? '');
  await expect.poll(() => passing(asset, a), SOON).toEqual(both);

  // What is said of the asset from now on, nobody else has confirmed.
  await whole[Symbol.asyncDispose]();
  const licence = { deposit: null, licence: 'CC0-1.0', replaces: [], record: null };
  const at = timestampOf(a.archive.clock);
  const statement = createStatement('licence', { asset }, at, licence);
  await a.archive.ledger.append({ statements: [statement], records: [], documents: [] });
  await a.archive.catalog.catchUp();
  expect(passing(asset, a)).not.toContain('R0');
  const again = await homes.open('b');
  await again.network.dial(a.network.addresses[0] ?? '');
  await expect.poll(() => passing(asset, a), SOON).toEqual(both);
});

it('writes nothing more in three homes once all is proven and confirmed', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  const asset = await homes.deposit(a);
  const b = await homes.join('b', a);
  const c = await homes.join('c', a);
  await c.network.dial(b.network.addresses[0] ?? '');
  const nodes = [a, b, c];
  const sizes = () => nodes.map(({ archive }) => archive.ledger.size());
  const isProven = async (node: PartnerNode) =>
    (await statusOf(node)).nodes.every(({ wanted, proven }) => wanted === 1 && proven === 1);
  for (const node of nodes) {
    await expect.poll(() => isProven(node), SOON).toBe(true);
    await expect.poll(() => passing(asset, node), SOON).toContain('R0');
  }
  // Each home's own log is confirmed, too, and the others have taken that.
  const isConfirmed = ({ archive }: PartnerNode) => {
    const { isDue, isWorthConfirming, confirmedBy } = archive.ledger.checkpointState();
    return !isDue && isWorthConfirming && confirmedBy.size === 2;
  };
  for (const node of nodes) await expect.poll(() => isConfirmed(node), SOON).toBe(true);
  await expect.poll(() => new Set(sizes()).size, SOON).toBe(1);
  const settled = sizes();
  // Every home looks again, as if its interval were over, several times.
  for (let turn = 0; turn < 3; turn++) {
    for (const { services } of nodes) await services.confirm();
  }
  for (const { services } of nodes) await services.replica.replicate();
  expect(sizes()).toEqual(settled);
});

it('has a witness confirm a log of which it sees no entry, record or byte', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  const asset = await homes.deposit(a);
  const witness = await homes.join('w', a, 'witness');
  await expect.poll(() => passing(asset, a), SOON).toContain('R0');
  const { organisation } = a.archive.ledger.memberOf(witness.network.did) ?? {};
  const { confirmedBy } = a.archive.ledger.checkpointState();
  expect([...confirmedBy]).toEqual([organisation]);
  // It asks for entries like anybody else, and is shown none.
  const shown = () => a.services.troubles().length + witness.services.troubles().length;
  await expect.poll(shown, SOON).toBeGreaterThan(0);
  const { ledger, catalog, content } = witness.archive;
  expect(ledger.size()).toBe(0);
  for await (const { text } of ledger.verify()) expect.unreachable(text);
  expect(catalog.list({}, { limit: 1 }).assets).toEqual([]);
  expect(content.isRoot(asset)).toBe(false);
});

it('remembers how partners stood, hour by hour, over a restart', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  await homes.deposit(a);
  const b = await homes.join('b', a);
  const proven = async () => (await statusOf(a)).nodes.find(({ name }) => name === 'b')?.proven;
  await expect.poll(proven, SOON).toBe(1);
  homes.laterMs = 3_600_000;
  const noted = await noteCopies(
    { ...a.archive, replica: a.services.replica },
    { policy: 'corroborated' },
  );
  expect([...noted]).toEqual([[b.network.did, true]]);
  await b[Symbol.asyncDispose]();
  await a[Symbol.asyncDispose]();
  homes.laterMs = 2 * 3_600_000;
  const again = await homes.open('a');
  const historyAt = (days: number) => copyHistoryOf(days, again.archive)[0]?.samples;
  // A node notes how it finds the others when it starts.
  await expect.poll(() => historyAt(1)?.at(-1)?.connected, SOON).toBe(false);
  expect(copyHistoryOf(1, again.archive)).toMatchObject([{ did: b.network.did, name: 'b' }]);
  expect(historyAt(1)?.filter(({ connected }) => connected)).toMatchObject([
    { wanted: 1, proven: 1, lost: 0, toGive: expect.any(Number) },
  ]);
  homes.laterMs += 2 * 86_400_000;
  expect(historyAt(1)).toBeUndefined();
  expect(historyAt(3)?.length).toBeGreaterThanOrEqual(2);
});
