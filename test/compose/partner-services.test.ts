import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explain } from '../../src/archive/explain.ts';
import { ingest } from '../../src/archive/ingest.ts';
import { invite } from '../../src/archive/invite.ts';
import { grantMember } from '../../src/archive/members.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { Projector } from '../../src/archive/projector.ts';
import { proposeDocument } from '../../src/archive/propose-document.ts';
import { say } from '../../src/archive/say.ts';
import { foundArchive } from '../../src/compose/found-archive.ts';
import { createHome } from '../../src/compose/home.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import { startPartnerServices } from '../../src/compose/partner-services.ts';
import { replicaSettings } from '../../src/compose/replica-settings.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import type { Network } from '../../src/core/ports/network.ts';
import { parseInvitation } from '../../src/core/sharing/invitation.ts';
import { foundReplica } from '../../src/ledger/found-replica.ts';
import { createHomeKey, openHomeKey } from '../../src/ledger/home-key.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../../src/ledger/signer-of.ts';
import { serveAdmission } from '../../src/replica/admission/answer-admission.ts';
import { applyForAdmission } from '../../src/replica/admission/apply-for-admission.ts';
import { MemoryHub } from '../support/memory-network.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface PartnerNode {
  readonly archive: OpenedArchive;
  readonly network: Network;
  readonly log: LogLine[];
}

/** Opens a home with everything it does for its partners, on a network in memory. */
async function startHome(
  home: string,
  hub: MemoryHub,
  opened: AsyncDisposableStack,
): Promise<PartnerNode> {
  const archive = opened.use(await openArchive(home));
  const { ledger, catalog } = archive;
  const { did } = ledger.self;
  const admits = (peer: Did) => {
    if (ledger.memberOf(peer) !== undefined) return 'member';
    return ledger.memberOf(did) === undefined ? 'guest' : 'stranger';
  };
  const network = opened.use(hub.open({ did, admits }));
  const log: LogLine[] = [];
  const tell = (line: LogLine) => void log.push(line);
  const projector = opened.use(new Projector(catalog, tell));
  serveAdmission({ network, ...archive });
  const signer = await openHomeKey(archive.paths.key);
  const settings = replicaSettings.parse({ checkpointMs: 100, challengeMs: 200 });
  const parts = { archive, network, signer, projector, log: tell, settings };
  opened.use(await startPartnerServices(parts));
  return { archive, network, log };
}

it('brings a partner level: entries, bytes, proofs of copies and confirmed checkpoints', async () => {
  using folder = temporaryFolder();
  await using opened = new AsyncDisposableStack();
  const hub = new MemoryHub();
  const homeA = join(folder.path, 'a');
  await foundArchive(homeA, { name: 'Prints', institution: 'Museum' });
  const a = await startHome(homeA, hub, opened);
  const drawing = join(folder.path, 'drawing.svg');
  writeFileSync(drawing, '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>');
  const request = { paths: [drawing], collection: 'c', all: true, custody: true };
  const events = ingest({ ...request, hidden: false, dryRun: false, measured: false }, a.archive);
  for await (const event of events) expect(event.event).not.toBe('failed');
  const [asset] = a.archive.catalog.list({}, { limit: 1 }).assets;
  if (asset === undefined) throw new Error('nothing was taken in');

  const { invitation } = await invite(
    {
      ...{ role: 'partner', organisation: undefined, replica: 'all', lifetimeMs: 60_000 },
      ...{ inviters: [{ did: a.network.did, addresses: a.network.addresses }] },
      networkKey: undefined,
    },
    { ...a.archive, signerOf },
  );
  const homeB = join(folder.path, 'b');
  mkdirSync(homeB);
  const paths = await createHome(homeB, ['packs']);
  const { did } = await createHomeKey(paths.key);
  {
    await using applying = hub.open({ did, admits: () => 'guest' });
    await applying.dial(a.network.addresses[0] ?? '');
    const parts = { network: applying, signerOf, sha256 };
    const shown = parseInvitation(invitation, sha256);
    const papers = await applyForAdmission(a.network.did, shown, parts);
    await foundReplica({ path: paths.ledger, archive: papers, randomBytes: a.archive.randomBytes });
  }
  const b = await startHome(homeB, hub, opened);
  await b.network.dial(a.network.addresses[0] ?? '');

  await expect.poll(() => b.archive.content.isRoot(asset.cid), { timeout: 20_000 }).toBe(true);
  expect(b.archive.catalog.asset(asset.cid)?.title).toBe(a.archive.catalog.asset(asset.cid)?.title);
  const factsAtA = () => a.archive.catalog.facts(asset.cid);
  await expect.poll(() => factsAtA()?.known.holding?.length, { timeout: 20_000 }).toBe(1);
  await expect
    .poll(() => factsAtA()?.known.deposit?.[0]?.witnesses.length, { timeout: 20_000 })
    .toBe(1);

  // Of two stewards one proposes and the other approves; a node enacts by itself.
  await grantMember({ key: did, role: 'steward', replica: 'all' }, a.archive);
  const isSteward = () => b.archive.ledger.memberOf(did)?.roles.includes('steward');
  await expect.poll(isSteward, { timeout: 20_000 }).toBe(true);
  const gold = a.archive.ledger.policies().find(({ policy }) => policy.name === 'gold')?.policy;
  const document = { ...gold, version: 2 };
  const { proposal, status } = await proposeDocument({ document, reason: 'x' }, a.archive);
  expect(status).toBe('open');
  const proposals = ({ archive }: PartnerNode) => archive.ledger.governance().proposals;
  const isAtB = () => proposals(b).some(({ id }) => id === proposal);
  await expect.poll(isAtB, { timeout: 20_000 }).toBe(true);
  await say('approval', { proposal, vote: 'yes', digest: null }, b.archive);
  const atA = () => proposals(a).find(({ id }) => id === proposal)?.status;
  await expect.poll(atA, { timeout: 20_000 }).toBe('enacted');
  const question = { purpose: 'ai_generative_training', policy: 'generative-training' } as const;
  const at = timestampOf(a.archive.clock);
  const asked = { asset: asset.cid, requester: 'anyone', at, ...question } as const;
  for (const { archive } of [a, b]) {
    const passing = () => {
      const rules = explain(asked, archive).gates.flatMap((gate) => gate.rules);
      return rules.filter(({ pass }) => pass).map(({ rule }) => rule);
    };
    // A witness of another organisation, and two proven copies.
    await expect.poll(passing, { timeout: 20_000 }).toEqual(expect.arrayContaining(['R0', 'R1']));
  }
  expect([...a.log, ...b.log].filter(({ level }) => level !== 'note')).toEqual([]);
});
