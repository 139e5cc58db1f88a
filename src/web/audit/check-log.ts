import { fromBase64 } from '../../core/base64.ts';
import type { CheckpointBody } from '../../core/entries/note.ts';
import { ArchiveError } from '../../core/errors.ts';
import { verifyConsistency } from '../../core/merkle/tree.ts';
import { openCosignatures } from '../../core/witnessing/cosignature.ts';
import { openLog } from '../../core/witnessing/logged-entry.ts';
import { answered, api } from '../api/client.ts';
import { type RememberedLog, rememberedLog, rememberLog } from './remembered.ts';
import { withSignatures } from './with-signatures.ts';

export interface Cosigner {
  readonly key: string;
  /** As the node names it; empty where it does not. */
  readonly name: string;
  /** Seconds since 1970, by the cosigner's clock. */
  readonly time: number;
}

/** How the log stands to what this browser saw of it before. */
export type Growth =
  | { readonly is: 'first' }
  | { readonly is: 'grown'; readonly from: number; readonly seen: string }
  /** `shorter` and `forked` cannot happen to an honest log; `other` is what a restored home begins. */
  | { readonly is: 'shorter' | 'forked' | 'other'; readonly before: RememberedLog };

/** What this browser has found out about a node's log. */
export interface LogCheck {
  readonly node: string;
  readonly address: string;
  readonly note: string;
  readonly tree: CheckpointBody;
  readonly growth: Growth;
  /** Null where nobody has confirmed any of it. */
  readonly confirmed: { readonly size: number; readonly by: readonly Cosigner[] } | null;
}

/**
 * Asks for the head of a node's log and checks it: signed by the key that this browser signed in with, the
 * same log that it saw last, and grown from that; confirmed by whoever is said to have. What holds is remembered.
 *
 * @throws {ArchiveError} `proof_invalid` or `input_invalid` for a signature or proof that does not hold.
 */
export async function checkLog(node: string): Promise<LogCheck> {
  const before = rememberedLog(node);
  const { result: head } = await answered(api.POST('/api/v1/operations/log.head', { body: {} }));
  const { note } = head;
  const { tree, did } = await withSignatures((tools) => openLog(note, tools));
  if (did !== node) throw broken(`the log is signed by ${did}, and not by ${node}`);
  const address = before?.address ?? head.address;
  const growth = before === undefined ? ({ is: 'first' } as const) : await growthOf(before, tree);
  const confirmed = head.confirmed && (await confirmedIn(head.confirmed, tree, node));
  const isSound = growth.is === 'first' || growth.is === 'grown';
  if (isSound) rememberLog(node, { address, note, seen: new Date().toISOString() });
  return { node, address, note, tree, growth, confirmed };
}

async function growthOf(before: RememberedLog, tree: CheckpointBody): Promise<Growth> {
  const { tree: seen } = await withSignatures((tools) => openLog(before.note, tools));
  if (seen.origin !== tree.origin) return { is: 'other', before };
  if (seen.size > tree.size) return { is: 'shorter', before };
  if (!(await isBeginning(seen, tree))) return { is: 'forked', before };
  return { is: 'grown', from: seen.size, seen: before.seen };
}

async function confirmedIn(
  { note, by }: { readonly note: string; readonly by: readonly Named[] },
  tree: CheckpointBody,
  node: string,
): Promise<NonNullable<LogCheck['confirmed']>> {
  const lines = note.slice(note.lastIndexOf('\n\n') + 2);
  const { opened, cosignatures } = await withSignatures((tools) => ({
    opened: openLog(note, tools),
    cosignatures: openCosignatures(note, lines, tools.verify, tools.sha256),
  }));
  if (opened.did !== node || cosignatures.length < by.length) {
    throw broken('a confirmation that the node shows does not hold');
  }
  await refuseOther(opened.tree, tree);
  const cosigners = cosignatures.map(({ did, time }) => {
    const known = by.find(({ key }) => key === did);
    return { key: did, time, name: known?.name || known?.organisationName || '' };
  });
  return { size: opened.tree.size, by: cosigners };
}

interface Named {
  readonly key: string;
  readonly name: string;
  readonly organisationName: string;
}

/** @throws {ArchiveError} `proof_invalid` where one tree is not the beginning of the other. */
export async function refuseOther(shorter: CheckpointBody, longer: CheckpointBody): Promise<void> {
  const isSame = shorter.origin === longer.origin && (await isBeginning(shorter, longer));
  if (!isSame)
    throw broken('the node shows two logs, of which neither is the beginning of the other');
}

/** Has the node prove that a tree only grew, and checks the proof here (RFC 9162, section 2.1.4). */
async function isBeginning(one: CheckpointBody, other: CheckpointBody): Promise<boolean> {
  const [from, to] = one.size <= other.size ? [one, other] : [other, one];
  if (from.size === 0) return true;
  const { hashes } = (
    await answered(
      api.POST('/api/v1/operations/log.consistency', { body: { from: from.size, to: to.size } }),
    )
  ).result;
  const proof = hashes.map((text) => fromBase64(text) ?? new Uint8Array(0));
  return withSignatures(({ sha256 }) =>
    verifyConsistency(from.size, to.size, proof, from.root, to.root, sha256),
  );
}

function broken(problem: string): ArchiveError {
  return new ArchiveError('proof_invalid', problem);
}
