import { type Did, isDid, publicKeyOf } from '../entries/did-key.ts';
import {
  keyIdOf,
  parseSignatureLines,
  parseSignedNote,
  SIGNATURE_TYPE,
  signatureLine,
} from '../entries/signed-note.ts';
import { concatBytes, equalBytes, type Sha256 } from '../hash.ts';
import type { Signer, VerifySignature } from '../ports/keys.ts';

/**
 * C2SP tlog-cosignature v1 with Ed25519 (c2sp.org/tlog-cosignature): a signature line whose bytes are a
 * big-endian 64-bit POSIX time and the signature over `cosignature/v1`, `time T` and the note's text.
 * The name of a cosigner's key is its did:key, so the line itself says by which key to check it.
 */

export interface Cosignature {
  readonly did: Did;
  /** When the cosigner signed, by its own clock: seconds since 1970. */
  readonly time: number;
}

/** The end of the year 9999. */
const MAX_TIME = 253_402_300_799;

const encoder = new TextEncoder();

/** Returns the signature line of a cosigner that has seen the checkpoint of this note at `time`. */
export function cosignCheckpoint(
  note: string,
  signer: Signer,
  time: number,
  sha256: Sha256,
): string {
  const { text } = parseSignedNote(note);
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const signature = signer.sign(signedMessage(text, time));
  const keyId = cosignerKeyId(signer.did, sha256);
  return signatureLine(signer.did, keyId, concatBytes(stamp, signature));
}

/**
 * Returns the cosignatures in some signature lines that hold for this note's text; others are left out.
 * Whether a cosigner is somebody who counts is for the caller to say.
 *
 * @throws {ArchiveError} `input_invalid` if note or lines are malformed.
 */
export function openCosignatures(
  note: string,
  lines: string,
  verify: VerifySignature,
  sha256: Sha256,
): readonly Cosignature[] {
  const { text } = parseSignedNote(note);
  return parseSignatureLines(lines).flatMap(({ name, keyId, bytes }) => {
    if (!isDid(name) || bytes.length !== 72) return [];
    if (!equalBytes(keyId, cosignerKeyId(name, sha256))) return [];
    const stamp = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
    const time = Number(stamp);
    if (time < 1 || time > MAX_TIME) return [];
    return verify(name, signedMessage(text, time), bytes.subarray(8)) ? [{ did: name, time }] : [];
  });
}

function signedMessage(text: string, time: number): Uint8Array {
  return encoder.encode(`cosignature/v1\ntime ${time}\n${text}`);
}

function cosignerKeyId(did: Did, sha256: Sha256): Uint8Array {
  return keyIdOf(did, SIGNATURE_TYPE.cosignature, publicKeyOf(did), sha256);
}
