import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { signCheckpoint } from '../../core/entries/note.ts';
import { toHex } from '../../core/hash.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type { CosignatureLines, SignedCheckpoint } from '../../core/ports/ledger.ts';
import { createStatement, type StatementOutline } from '../../core/statements/statement.ts';
import { sha256 } from '../sha256.ts';

/** Names one home's tree for ever: charter CID / node key / random epoch (ledger.md §6). */
export function originOf(charter: Cid, signer: Pick<Signer, 'did'>, epoch: Uint8Array): string {
  return `${charter}/${signer.did}/${toHex(epoch)}`;
}

/** Whose tree it is, and what its checkpoints call it. */
export interface HomeTree {
  readonly did: Did;
  readonly origin: string;
}

/**
 * Says whether an entry is a checkpoint of this home's tree and nothing else. Those that the home
 * has made over an earlier tree, before it was restored, are not.
 */
export function isCheckpointOf(
  tree: HomeTree,
  author: Did,
  statements: readonly StatementOutline[],
): boolean {
  const [only, second] = statements;
  if (author !== tree.did || second !== undefined || only?.kind !== 'checkpoint') return false;
  const note = only.body['note'];
  return typeof note === 'string' && note.startsWith(`${tree.origin}\n`);
}

/** Returns the home's signed checkpoint over its arrival log, and the statement that carries it. */
export function ownCheckpoint(
  tree: { readonly origin: string; readonly size: number; readonly root: Uint8Array },
  signer: Signer,
  at: string,
): { readonly checkpoint: SignedCheckpoint; readonly statement: StatementOutline } {
  const { size, root } = tree;
  const checkpoint = { size, root, note: signCheckpoint(tree, signer, sha256) };
  return { checkpoint, statement: checkpointStatement(checkpoint, [], at) };
}

export function checkpointStatement(
  { size, root, note }: SignedCheckpoint,
  cosignatures: readonly CosignatureLines[],
  at: string,
): StatementOutline {
  const body = { size, root: toHex(root), note, cosignatures: [...cosignatures] };
  return createStatement('checkpoint', null, at, body);
}
