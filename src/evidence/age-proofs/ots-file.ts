import { createHash } from 'node:crypto';
import { equalBytes } from '../../core/hash.ts';
import { refused } from './refused.ts';

/**
 * A detached proof of OpenTimestamps, version 1: magic; version; the tag of the hash of the file and
 * its digest; then a tree. A node of it is `ff` and a branch any number of times, then a last branch.
 * A branch is an attestation (`00`, eight bytes of kind, a length and a payload) or an operation on the
 * message so far and the node that goes on with its result. Numbers are LEB128.
 * Source: python-opentimestamps, `core/timestamp.py`, `core/op.py`, `core/notary.py`.
 */
const MAGIC = Buffer.from('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294', 'hex');
const MAX_FILE = 64 * 1024;
/** Of the result of an operation. */
const MAX_MESSAGE = 4096;
const BRANCH = 0xff;
const ATTESTATION = 0x00;
const APPEND = 0xf0;
const PREPEND = 0xf1;
const SHA_256 = 0x08;
const HASHES: Readonly<Record<number, string>> = {
  2: 'sha1',
  3: 'ripemd160',
  [SHA_256]: 'sha256',
};
const KINDS: Readonly<Record<string, Attestation['kind']>> = {
  '0588960d73d71901': 'bitcoin',
  '83dfe30d2ef90c8e': 'pending',
};

/** Who vouches for a message that comes out of the digest. */
export interface Attestation {
  readonly kind: 'bitcoin' | 'pending' | 'other';
  readonly message: Uint8Array;
  /** Of the block; 0 for other kinds. */
  readonly height: number;
}

/**
 * Returns the attestations to which a proof leads from the digest of a file.
 *
 * @throws {ArchiveError} `proof_invalid` for another file's proof, or one that cannot be read.
 */
export function attestationsOf(file: Uint8Array, digest: Uint8Array): readonly Attestation[] {
  if (file.length > MAX_FILE) throw refused(`is larger than ${MAX_FILE} bytes`);
  const reader = new OtsReader(file);
  if (!equalBytes(reader.bytes(MAGIC.length), MAGIC) || reader.number() !== 1) {
    throw refused('is no OpenTimestamps file of version 1');
  }
  if (reader.byte() !== SHA_256 || !equalBytes(reader.bytes(32), digest)) {
    throw refused('is about other bytes than those of this asset');
  }
  const attestations: Attestation[] = [];
  const open: Uint8Array[] = [];
  let message: Uint8Array | undefined = digest;
  while (message !== undefined) {
    let tag = reader.byte();
    if (tag === BRANCH) {
      open.push(message);
      tag = reader.byte();
    }
    if (tag === ATTESTATION) {
      attestations.push(reader.attestation(message));
      message = open.pop();
    } else {
      message = reader.operation(tag, message);
    }
  }
  if (!reader.isAtEnd) throw refused('has bytes after its end');
  return attestations;
}

class OtsReader {
  readonly #file: Uint8Array;
  #at = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#file.length;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#file.length) throw refused('ends too early');
    const read = this.#file.subarray(this.#at, end);
    this.#at = end;
    return read;
  }

  byte(): number {
    return this.bytes(1)[0] ?? 0;
  }

  number(): number {
    let value = 0;
    for (let place = 0; place < 5; place++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    throw refused('has a number that is too large');
  }

  operation(tag: number, message: Uint8Array): Uint8Array {
    const hash = HASHES[tag];
    if (hash !== undefined) return createHash(hash).update(message).digest();
    if (tag !== APPEND && tag !== PREPEND) {
      throw refused(`has an operation that is not known (0x${tag.toString(16)})`);
    }
    const more = this.bytes(this.number());
    if (message.length + more.length > MAX_MESSAGE) throw refused('has a message that is too long');
    return Buffer.concat(tag === APPEND ? [message, more] : [more, message]);
  }

  attestation(message: Uint8Array): Attestation {
    const kind = KINDS[Buffer.from(this.bytes(8)).toString('hex')] ?? 'other';
    const payload = new OtsReader(this.bytes(this.number()));
    return { kind, message, height: kind === 'bitcoin' ? payload.number() : 0 };
  }
}
