import { base64 } from 'multiformats/bases/base64';
import { ArchiveError } from '../errors.ts';
import { concatBytes, equalBytes, type Sha256 } from '../hash.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { type Did, publicKeyOf } from './did-key.ts';

/**
 * C2SP tlog-checkpoint v1.0.0 in a C2SP signed-note v1.0.0 with Ed25519 (algorithm byte 0x01):
 * origin, decimal size, base64 root, empty line, `— NAME base64(key id ‖ signature)`.
 */

export interface CheckpointBody {
  /** Charter CID / node key / epoch: names one tree for ever. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const ED25519 = 0x01;
const encoder = new TextEncoder();

/** Returns the signed note over a checkpoint; the key's name is the origin. */
export function signCheckpoint(body: CheckpointBody, signer: Signer, sha256: Sha256): string {
  const text = bodyText(body);
  const signature = signer.sign(encoder.encode(text));
  const line = base64.encode(
    concatBytes(keyId(body.origin, publicKeyOf(signer.did), sha256), signature),
  );
  return `${text}\n— ${body.origin} ${padded(line)}\n`;
}

/**
 * Returns the checkpoint of a note that this key has signed.
 *
 * @throws {ArchiveError} `input_invalid` if the note is malformed, or not validly signed by the key.
 */
export function openCheckpoint(
  note: string,
  did: Did,
  verify: VerifySignature,
  sha256: Sha256,
): CheckpointBody {
  const split = note.indexOf('\n\n');
  if (split < 0) throw malformed('has no signature');
  const text = note.slice(0, split + 1);
  const body = parseBody(text);
  const id = keyId(body.origin, publicKeyOf(did), sha256);
  for (const line of note.slice(split + 2).split('\n')) {
    const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (match === null || match[1] !== body.origin || match[2] === undefined) continue;
    const bytes = tryBase64(match[2]);
    if (bytes === undefined || bytes.length !== 68 || !equalBytes(bytes.subarray(0, 4), id))
      continue;
    if (verify(did, encoder.encode(text), bytes.subarray(4))) return body;
  }
  throw malformed('is not signed by that key');
}

function parseBody(text: string): CheckpointBody {
  const [origin, sizeText, rootText, ...rest] = text.split('\n');
  const root = rootText === undefined ? undefined : tryBase64(rootText);
  if (
    origin === undefined ||
    !/^\S+$/.test(origin) ||
    sizeText === undefined ||
    !/^(0|[1-9]\d{0,15})$/.test(sizeText) ||
    root?.length !== 32 ||
    rest.length !== 1 ||
    rest[0] !== ''
  ) {
    throw malformed('is not a checkpoint');
  }
  return { origin, size: Number(sizeText), root };
}

function bodyText(body: CheckpointBody): string {
  return `${body.origin}\n${body.size}\n${padded(base64.encode(body.root))}\n`;
}

function keyId(name: string, publicKey: Uint8Array, sha256: Sha256): Uint8Array {
  const bytes = concatBytes(encoder.encode(name), Uint8Array.of(0x0a, ED25519), publicKey);
  return sha256(bytes).slice(0, 4);
}

/** Multibase base64 without its prefix, with padding (RFC 4648 §4). */
function padded(multibase: string): string {
  const text = multibase.slice(1);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

function tryBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = base64.decode(`m${text.replace(/=+$/, '')}`);
    return padded(base64.encode(bytes)) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function malformed(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `this signed note ${problem}`);
}
