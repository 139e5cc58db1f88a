import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  adoptVoid,
  grantRole,
  listProposals,
  proposePolicy,
  revokeRoles,
  voteOnProposal,
} from '../../src/archive/operations/govern.ts';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { leaveArchive } from '../../src/archive/operations/meet-peers.ts';
import { showPolicy } from '../../src/archive/operations/read-policies.ts';
import { declareAssets } from '../../src/archive/operations/state-things.ts';
import { takeFiles } from '../../src/archive/operations/take-files.ts';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { ArchiveError, type ErrorCode } from '../../src/core/errors.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from './keys.ts';
import type { PartnerNodes } from './partner-nodes.ts';
import type { Random } from './random.ts';
import { FILES_ALONE, madeByHand, type TrialNode } from './trial-node.ts';

type Name = 'a' | 'b' | 'c';

/** Somebody who writes at one node. */
interface Writer {
  readonly name: Name;
  readonly node: TrialNode;
  readonly random: Random;
}

/** What a writer does, and how often among a hundred. Gives the entry that was acknowledged, if any. */
type Acts = readonly (readonly [often: number, act: (by: Writer) => Promise<unknown>])[];

/** What others decide may come between a look and a word: an asset is none, a vote is over. */
const REFUSALS: readonly ErrorCode[] = ['statement_rejected', 'member_missing', 'not_found'];

/**
 * Writes at three nodes what people would, without asking whether the nodes reach each other: the first
 * two are stewards, the third is a member that they revoke and that sometimes leaves.
 */
export class PartitionStory {
  /** Assets whose deposit was acknowledged, and entries that were. */
  readonly assets = new Set<string>();
  readonly entries = new Set<string>();
  /** Entries that count for nothing, as far as was seen; stewards adopt some of them. */
  fallen: readonly string[] = [];
  readonly #nodes: PartnerNodes;
  readonly #folder: string;
  #folders = 0;

  constructor(nodes: PartnerNodes, folder: string) {
    this.#nodes = nodes;
    this.#folder = folder;
  }

  /** Writes so many times at a node, spread over a time. */
  async write(name: Name, random: Random, times: number, overMs: number): Promise<void> {
    const writer = { name, node: this.#nodes[name], random };
    for (let time = 0; time < times; time += 1) {
      await delay((random() * 2 * overMs) / times);
      let at = random.below(100);
      const chosen = (name === 'c' ? this.#byMember : this.#bySteward).find(([often]) => {
        at -= often;
        return at < 0;
      });
      if (chosen === undefined) continue;
      const [, act] = chosen;
      // Stewards are never refused files; the member may have been revoked.
      const isSure = act === this.#ingest && name !== 'c';
      const done = await (isSure ? act(writer) : unlessRefused(act(writer)));
      const isEntry = typeof done === 'object' && done !== null && 'entry' in done;
      if (isEntry) this.entries.add(String(done.entry));
    }
  }

  readonly #ingest = async ({ name, node, random }: Writer) => {
    const folder = join(this.#folder, `${name}-${this.#folders}`);
    this.#folders += 1;
    mkdirSync(folder, { recursive: true });
    const assets = Array.from({ length: 1 + random.below(3) }, (_, i) => {
      const bytes = new TextEncoder().encode(`${folder} ${i} ${random()}`);
      writeFileSync(join(folder, `${i}.txt`), bytes);
      return cidFromDigest(CODEC.raw, sha256(bytes));
    });
    await node.ask(takeFiles, { ...FILES_ALONE, paths: [folder] });
    for (const asset of assets) this.assets.add(asset);
  };

  readonly #declare = async ({ node, random }: Writer) => {
    const known: string[] = [];
    await node.ask(listAssets, { filter: {} }, ({ cid }) => known.push(cid));
    if (known.length === 0) return undefined;
    return node.ask(declareAssets, madeByHand(random.of(known)));
  };

  readonly #grantGuest = async ({ node, random }: Writer) => {
    const role = random.of(['archivist', 'reviewer', 'partner', 'witness'] as const);
    return node.ask(grantRole, { key: guest(random), role, replica: 'none' });
  };

  readonly #revokeGuest = async ({ node, random }: Writer) =>
    node.ask(revokeRoles, { id: guest(random) });

  readonly #revokeMember = async ({ node }: Writer) =>
    node.ask(revokeRoles, { id: this.#nodes.dids.c });

  readonly #grantMember = async ({ node, random }: Writer) => {
    const role = random.of(['archivist', 'reviewer'] as const);
    return node.ask(grantRole, { key: this.#nodes.dids.c, role, replica: 'all' });
  };

  readonly #adopt = async ({ node, random }: Writer) => {
    const entries = this.fallen.filter(() => random() < 0.5).slice(0, 16);
    return entries.length === 0 ? undefined : node.ask(adoptVoid, { entries });
  };

  readonly #propose = async ({ node }: Writer) => {
    const { policy } = await node.ask(showPolicy, { name: 'corroborated' });
    const document = { ...policy, version: policy.version + 1 };
    return node.ask(proposePolicy, { document, reason: 'test' });
  };

  readonly #vote = async ({ node, random }: Writer) => {
    const { proposals } = await node.ask(listProposals, {});
    const open = proposals.filter(({ status }) => status === 'open');
    if (open.length === 0) return undefined;
    const vote = random() < 0.8 ? 'yes' : 'no';
    return node.ask(voteOnProposal, { proposal: random.of(open).id, vote });
  };

  readonly #leave = async ({ node }: Writer) => node.ask(leaveArchive, {});

  readonly #bySteward: Acts = [
    [25, this.#ingest],
    [15, this.#declare],
    [10, this.#grantGuest],
    [5, this.#revokeGuest],
    [12, this.#revokeMember],
    [6, this.#grantMember],
    [9, this.#adopt],
    [8, this.#propose],
    [10, this.#vote],
  ];

  readonly #byMember: Acts = [
    [55, this.#ingest],
    [40, this.#declare],
    [5, this.#leave],
  ];
}

async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ArchiveError && REFUSALS.includes(error.code)) return undefined;
    throw error;
  }
}

/** Somebody without a node. */
function guest(random: Random): string {
  return signerOf(`guest ${random.below(6)}`).did;
}
