import { fromBase64, toBase64 } from '../base64.ts';
import { ArchiveError } from '../errors.ts';
import { concatBytes, type Sha256 } from '../hash.ts';

/**
 * C2SP signed-note v1.0.0 (c2sp.org/signed-note): a text that ends in a newline, an empty line, and
 * signature lines `— NAME base64(key id ‖ signature)`.
 */

/** Signature types of signed-note; key ids differ by them, so one key can serve for several. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const;

/** More signatures than anybody collects; a note with more is refused. */
const MAX_SIGNATURES = 128;

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What follows the key id: of the form that the signature type prescribes. */
  readonly bytes: Uint8Array;
}

export interface SignedNote {
  /** What is signed, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/**
 * Returns the parts of a note; no signature has been checked.
 *
 * @throws {ArchiveError} `input_invalid` if it is no signed note.
 */
export function parseSignedNote(note: string): SignedNote {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformedNote('has no signature');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw malformedNote('holds control characters');
  const signatures = parseSignatureLines(note.slice(split + 2));
  return { text: note.slice(0, split + 1), signatures };
}

/**
 * Returns the signatures of some signature lines, each ending in a newline.
 *
 * @throws {ArchiveError} `input_invalid`.
 */
export function parseSignatureLines(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith('\n')) throw malformedNote('has a signature line that does not end');
  const each = lines.slice(0, -1).split('\n');
  if (each.length > MAX_SIGNATURES) throw malformedNote(`has more than ${MAX_SIGNATURES} lines`);
  return each.map((line) => {
    const [, name, text = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    const bytes = fromBase64(text);
    if (name === undefined || bytes === undefined || bytes.length < 5) {
      throw malformedNote('has a line that is no signature');
    }
    return { name, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
  });
}

export function signatureLine(name: string, keyId: Uint8Array, signature: Uint8Array): string {
  return `— ${name} ${toBase64(concatBytes(keyId, signature))}\n`;
}

/** SHA-256(name ‖ newline ‖ signature type ‖ public key), the first four bytes. */
export function keyIdOf(
  name: string,
  type: (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE],
  publicKey: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  const prefix = new TextEncoder().encode(`${name}\n`);
  return sha256(concatBytes(prefix, Uint8Array.of(type), publicKey)).slice(0, 4);
}

export function malformedNote(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `this signed note ${problem}`);
}
