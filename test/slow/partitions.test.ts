import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { grantRole, listMembers, listProposals } from '../../src/archive/operations/govern.ts';
import { examineStores, verifyStores } from '../../src/archive/operations/take-care.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { ExpectedStanding } from '../support/expected-standing.ts';
import { openHosts, whyNoHosts } from '../support/namespaces.ts';
import { PartitionStory } from '../support/partition-story.ts';
import { openPartnerNodes, type PartnerNodes } from '../support/partner-nodes.ts';
import { type Random, seededRandom } from '../support/random.ts';
import { type SeenEntry, seeLedger } from '../support/seen-ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Three hosts 50 ms apart that lose one in a hundred frames are parted and put together again. */
const ROUNDS = Number(process.env['RINGFENCE_ROUNDS'] ?? 3);
const SEED = Number(process.env['RINGFENCE_SEED'] ?? Date.now() % 100_000);

const NAMES = ['a', 'b', 'c'] as const;

/** Who is cut off from all others. */
const PARTITIONS = [[0], [1], [2], [0, 1, 2]] as const;

/** A line that was dead for longer than nodes wait for each other is dialled again after a while. */
const PATIENCE = { timeout: 600_000, interval: 1_000 };

vi.setConfig({ testTimeout: 600_000 + ROUNDS * 900_000 });

describe(`${ROUNDS} partitions (RINGFENCE_SEED=${SEED})`, () => {
  it.skipIf(whyNoHosts() !== '').each(['bbr', 'cubic'] as const)(
    `of three hosts, both sides writing, heal to the same state, under %s${whyNoHosts()}`,
    async (congestion) => {
      const random = seededRandom(SEED);
      using folder = temporaryFolder();
      await using line = await openHosts({ congestion, seed: SEED });
      const [one, two, three] = line.hosts.map(({ address, prefix }) => ({
        prefix,
        p2p: `/ip4/${address}/tcp/4001`,
      }));
      if (!one || !two || !three) throw new Error('there are three hosts');
      await using nodes = await openPartnerNodes(folder.path, [one, two, three]);
      await nodes.a.ask(grantRole, { key: nodes.dids.b, role: 'steward', replica: 'all' });
      const story = new PartitionStory(nodes, folder.path);
      for (let round = 0; round < ROUNDS; round += 1) {
        const cutOff = random.of(PARTITIONS).map((at) => line.hosts[at]);
        // Now and then longer than it takes nodes to notice.
        const lengthMs = random() < 0.7 ? 15_000 * random() : 15_000 + 45_000 * random();
        const writing = NAMES.map((name, at) => {
          const own = seededRandom(SEED * 1_000 + round * 10 + at);
          return story.write(name, own, 3 + own.below(5), lengthMs);
        });
        await delay(2_000 * random());
        await Promise.all(cutOff.map((host) => host?.cutOff()));
        await Promise.all([delay(lengthMs), ...(random() < 0.8 ? writing : [])]);
        await Promise.all(cutOff.map((host) => host?.mend()));
        await Promise.all(writing);
        const where = `round ${round} of seed ${SEED} under ${congestion}`;
        await expect.poll(() => levelOf(nodes, random), { ...PATIENCE, message: where }).toBe('');
        const seen = await vi.waitFor(() => sameEntries(nodes), PATIENCE);
        checkStanding(seen, nodes, where);
        story.fallen = fallenIn(seen[0] ?? []);
        await checkNodes(nodes, where);
        expect(missingIn(seen[0] ?? [], story), where).toEqual([]);
      }
      for (const name of NAMES) nodes[name].node.signal('SIGTERM');
      for (const name of NAMES) {
        expect(await nodes[name].node.ended).toMatchObject({ status: EXIT.done });
      }
    },
  );
});

/** Says what keeps the nodes from being level. A member that was revoked is taken back, or it learns nothing. */
async function levelOf({ a, b, c, dids }: PartnerNodes, random: Random): Promise<string> {
  const [ofA, ofB] = [await a.ask(examineStores, {}), await b.ask(examineStores, {})];
  if (ofA.stateDigest !== ofB.stateDigest) return 'the stewards hold different states';
  const steward = random.of([a, b]);
  const members = await steward.ask(listMembers, {});
  const has = members.find(({ id }) => id === dids.c)?.roles ?? [];
  for (const role of ['partner', 'archivist'] as const) {
    if (has.includes(role)) continue;
    await steward.ask(grantRole, { key: dids.c, role, replica: 'all' });
    return `the member is made ${role} again`;
  }
  const ofC = await c.ask(examineStores, {});
  return ofC.stateDigest === ofA.stateDigest ? '' : 'the member holds another state';
}

/** Resolves with what each node has, once all have the same entries. */
async function sameEntries(nodes: PartnerNodes): Promise<readonly (readonly SeenEntry[])[]> {
  const seen = [];
  for (const name of NAMES) seen.push(await seeLedger(nodes[name].home));
  const [first = [], ...others] = seen.map((entries) => entries.map(({ hash }) => hash).sort());
  for (const hashes of others) expect(hashes).toEqual(first);
  return seen;
}

const DECIDED_BY_VOTES = ['proposal', 'approval', 'enactment'];

/** Nothing stands that must not, and nothing is void that must stand, on any node. */
function checkStanding(
  seen: readonly (readonly SeenEntry[])[],
  { dids }: PartnerNodes,
  where: string,
): void {
  for (const entries of seen) {
    const expected = new ExpectedStanding(entries, [dids.a, dids.b]).voids();
    const wrong = entries.flatMap((entry) =>
      entry.statements.flatMap(({ kind }, place) => {
        const id = `${entry.hash}/${place}`;
        const reason = entry.void.get(id);
        if (DECIDED_BY_VOTES.includes(kind) || (reason !== undefined) === expected.has(id))
          return [];
        return [`${kind} ${id} by ${entry.author} is ${reason ?? 'standing'}`];
      }),
    );
    expect(wrong, where).toEqual([]);
  }
}

/** What is never found among honest nodes. */
const DISHONEST = ['damage', 'fork', 'contradiction', 'skipped'];

/** The nodes agree about everything else, are sound, and have run all the time. */
async function checkNodes(nodes: PartnerNodes, where: string): Promise<void> {
  const said = [];
  for (const name of NAMES) {
    const node = nodes[name];
    expect(await node.ask(verifyStores, {}), where).toMatchObject({ ok: true, problems: [] });
    expect(node.node.log.filter(({ level }) => level === 'error')).toEqual([]);
    const members = await node.ask(listMembers, {});
    const { findings } = await node.ask(examineStores, {});
    const isDishonest = ({ kind }: { readonly kind: string }) => DISHONEST.includes(kind);
    expect(findings.filter(isDishonest), where).toEqual([]);
    said.push({ members, votes: await node.ask(listProposals, {}) });
  }
  const [first, ...others] = said;
  for (const other of others) expect(other, where).toEqual(first);
}

/** The entries of which something counts for nothing. */
function fallenIn(entries: readonly SeenEntry[]): readonly string[] {
  return entries.filter((entry) => entry.void.size > 0).map(({ hash }) => hash);
}

/** What was acknowledged and is not there. */
function missingIn(entries: readonly SeenEntry[], story: PartitionStory): readonly string[] {
  const hashes = new Set(entries.map(({ hash }) => hash));
  const statements = entries.flatMap((entry) => entry.statements);
  const deposited = new Set(
    statements.flatMap(({ kind, about }) =>
      kind === 'deposit' && about !== null && 'asset' in about ? [String(about.asset)] : [],
    ),
  );
  return [
    ...[...story.entries].filter((entry) => !hashes.has(entry)),
    ...[...story.assets].filter((asset) => !deposited.has(asset)),
  ];
}
