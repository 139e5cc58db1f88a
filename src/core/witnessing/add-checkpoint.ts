import { toBase64 } from '../base64.ts';
import type { Did } from '../entries/did-key.ts';
import { type CheckpointBody, openCheckpoint, parseCheckpointText } from '../entries/note.ts';
import { parseSignedNote } from '../entries/signed-note.ts';
import { ArchiveError } from '../errors.ts';
import { equalBytes, type Sha256 } from '../hash.ts';
import { verifyConsistency } from '../merkle/tree.ts';
import type { CosignerMemory } from '../ports/cosigner-memory.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { cosignCheckpoint } from './cosignature.ts';
import { parseHashes } from './tlog-proof.ts';

/**
 * C2SP tlog-witness v1.0.0 (c2sp.org/tlog-witness), call `add-checkpoint`, as bodies of requests and
 * responses. The same bodies travel over libp2p, where the status stands in front.
 */

export interface AddCheckpoint {
  /** Size of the tree that the cosigner is thought to have seen last; 0 if none. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: string;
}

export interface AddCheckpointResponse {
  /** 200 cosigned · 400 malformed · 403 not signed · 404 unknown · 409 stale or split · 422 bad proof. */
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** What a cosigner needs in order to answer. */
export interface Cosigner {
  readonly signer: Signer;
  readonly memory: Pick<CosignerMemory, 'latest' | 'advance' | 'keepSplit'>;
  /** Returns the key whose signature the checkpoints of this tree must carry; undefined if unknown. */
  readonly keyOf: (origin: string) => Did | undefined;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${note}`;
}

/** @throws {ArchiveError} `input_invalid`. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const split = body.indexOf('\n\n');
  const [first = '', ...hashes] = body.slice(0, Math.max(split, 0)).split('\n');
  const oldSize = /^old (0|[1-9]\d{0,14})$/.exec(first)?.[1];
  if (split < 0 || oldSize === undefined) {
    throw new ArchiveError('input_invalid', 'a request to cosign begins with "old SIZE"');
  }
  return { oldSize: Number(oldSize), proof: parseHashes(hashes), note: body.slice(split + 2) };
}

/**
 * Cosigns a checkpoint if it goes on from what was seen of that tree last, and says why not otherwise.
 *
 * What was seen is durable before anything is signed, and two trees of which neither is a beginning of
 * the other are never both signed. A log that shows such trees is remembered with both its notes.
 */
export function answerAddCheckpoint(body: string, cosigner: Cosigner): AddCheckpointResponse {
  const { memory, signer, sha256 } = cosigner;
  let request: AddCheckpoint;
  let tree: CheckpointBody;
  try {
    request = parseAddCheckpoint(body);
    tree = parseCheckpointText(parseSignedNote(request.note).text);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return refusal(400, error.message);
  }
  const key = cosigner.keyOf(tree.origin);
  if (key === undefined) return refusal(404, 'this tree is not known here');
  if (!isSignedBy(request.note, key, cosigner)) return refusal(403, 'not signed by the log');
  if (request.oldSize > tree.size) return refusal(400, 'the old size is greater than the new one');
  const seen = memory.latest(tree.origin);
  const seenSize = seen?.size ?? 0;
  if (request.oldSize !== seenSize) {
    return { status: 409, contentType: 'text/x.tlog.size', body: `${seenSize}\n` };
  }
  if (seen !== undefined && seenSize === tree.size && !equalBytes(seen.root, tree.root)) {
    memory.keepSplit(tree.origin, seen.note, request.note);
    return refusal(409, 'another tree of this size was seen before');
  }
  if (!isContinued(request, tree, seen?.root, sha256)) {
    return refusal(422, 'the consistency proof does not verify');
  }
  const isFirst = memory.advance(tree.origin, seenSize, { ...tree, note: request.note });
  if (!isFirst) {
    const newer = memory.latest(tree.origin)?.size ?? 0;
    return { status: 409, contentType: 'text/x.tlog.size', body: `${newer}\n` };
  }
  return answer(200, cosignCheckpoint(request.note, signer, cosigner.now(), sha256));
}

function isContinued(
  { oldSize, proof }: AddCheckpoint,
  tree: CheckpointBody,
  oldRoot: Uint8Array | undefined,
  sha256: Sha256,
): boolean {
  if (oldSize === 0 || oldRoot === undefined) return proof.length === 0;
  return verifyConsistency(oldSize, tree.size, proof, oldRoot, tree.root, sha256);
}

function isSignedBy(note: string, key: Did, { verify, sha256 }: Cosigner): boolean {
  try {
    openCheckpoint(note, key, verify, sha256);
    return true;
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
}

function refusal(status: 400 | 403 | 404 | 409 | 422, reason: string): AddCheckpointResponse {
  return answer(status, `${reason}\n`);
}

function answer(status: AddCheckpointResponse['status'], body: string): AddCheckpointResponse {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
