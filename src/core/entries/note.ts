import { fromBase64, toBase64 } from '../base64.ts';
import { equalBytes, type Sha256 } from '../hash.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { type Did, publicKeyOf } from './did-key.ts';
import {
  keyIdOf,
  malformedNote,
  parseSignedNote,
  SIGNATURE_TYPE,
  signatureLine,
} from './signed-note.ts';

/**
 * C2SP tlog-checkpoint v1.0.0 (c2sp.org/tlog-checkpoint): origin, decimal size, base64 root, in a
 * signed note with Ed25519. The name of the log's key is the origin.
 */

export interface CheckpointBody {
  /** Charter CID / node key / epoch: names one tree for ever. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const encoder = new TextEncoder();

/** Returns the signed note over a checkpoint; the key's name is the origin. */
export function signCheckpoint(body: CheckpointBody, signer: Signer, sha256: Sha256): string {
  const text = checkpointText(body);
  const keyId = originKeyId(body.origin, signer.did, sha256);
  const signature = signer.sign(encoder.encode(text));
  return `${text}\n${signatureLine(body.origin, keyId, signature)}`;
}

/**
 * Returns the checkpoint of a note that this key has signed. Signatures of other keys are ignored.
 *
 * @throws {ArchiveError} `input_invalid` if the note is malformed, or not validly signed by the key.
 */
export function openCheckpoint(
  note: string,
  did: Did,
  verify: VerifySignature,
  sha256: Sha256,
): CheckpointBody {
  const { text, signatures } = parseSignedNote(note);
  const body = parseCheckpointText(text);
  const id = originKeyId(body.origin, did, sha256);
  const isSigned = signatures.some(
    ({ name, keyId, bytes }) =>
      name === body.origin && equalBytes(keyId, id) && verify(did, encoder.encode(text), bytes),
  );
  if (!isSigned) throw malformedNote('is not signed by that key');
  return body;
}

/**
 * Returns what the text of a checkpoint says.
 *
 * @throws {ArchiveError} `input_invalid`; extension lines are refused too.
 */
export function parseCheckpointText(text: string): CheckpointBody {
  const [origin, sizeText, rootText, ...rest] = text.split('\n');
  const root = rootText === undefined ? undefined : fromBase64(rootText);
  if (
    origin === undefined ||
    !/^[^\s+]+$/.test(origin) ||
    sizeText === undefined ||
    !/^(0|[1-9]\d{0,14})$/.test(sizeText) ||
    root?.length !== 32 ||
    rest.length !== 1 ||
    rest[0] !== ''
  ) {
    throw malformedNote('is not a checkpoint');
  }
  return { origin, size: Number(sizeText), root };
}

/** Returns the text that is signed. */
function checkpointText(body: CheckpointBody): string {
  return `${body.origin}\n${body.size}\n${toBase64(body.root)}\n`;
}

function originKeyId(origin: string, did: Did, sha256: Sha256): Uint8Array {
  return keyIdOf(origin, SIGNATURE_TYPE.ed25519, publicKeyOf(did), sha256);
}
