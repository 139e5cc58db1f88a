import { base58btc } from 'multiformats/bases/base58';
import { z } from 'zod';
import { type Did, didFromPublicKey, publicKeyOf } from '../entries/did-key.ts';
import { entryHashFromBytes, entryHashToBytes } from '../entries/entry-hash.ts';
import { ArchiveError } from '../errors.ts';
import { concatBytes, equalBytes, type Sha256 } from '../hash.ts';
import type { PeerAddress } from '../ports/network.ts';
import { decodeBlock, encodeBlock } from '../statements/block.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';

/** A node that may admit, and where it listens. */
export interface Inviter {
  readonly did: Did;
  readonly addresses: readonly PeerAddress[];
}

/** What the string says that a steward hands to a newcomer. Whoever has it can join, once. */
export interface Invitation {
  /** `/orbitdb/zdpu…`: commits to manifest and charter. */
  readonly archive: string;
  /** The statement that invites. */
  readonly statement: StatementId;
  /** Seed of the one-time key that the statement names. */
  readonly seed: Uint8Array;
  readonly inviters: readonly Inviter[];
  /** The network key of a ring-fenced archive. */
  readonly networkKey: Uint8Array | undefined;
  /** Milliseconds since 1970. The admitting node decides by its own clock. */
  readonly expires: number;
}

/**
 * The form of the string: `rf1`, then in base58btc the invitation in canonical DAG-CBOR and the first
 * four bytes of its SHA-256. So it is one word, safe in a URL, and one wrong letter is seen.
 */
const PREFIX = 'rf1';
const CHECKSUM_BYTES = 4;
const MAX_CHARACTERS = 4_096;
const ADDRESS_PREFIX = '/orbitdb/';
/** Governance stands alone in its entry. */
const STATEMENT_SUFFIX = '/0';

const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length);

const content = z.strictObject({
  /** The manifest's CID. */
  a: bytesOf(36),
  /** The CID of the entry that invites. */
  i: bytesOf(36),
  k: bytesOf(32),
  /** Keys and addresses of the inviters. */
  p: z.array(z.tuple([bytesOf(32), z.array(z.string().min(1).max(256)).max(8)])).max(16),
  n: bytesOf(32).nullable(),
  /** Seconds since 1970. */
  e: z.number().int().min(0).max(253_402_300_799),
});

/** Returns the string for an invitation. */
export function formatInvitation(invitation: Invitation, sha256: Sha256): string {
  const { archive, statement, seed, inviters, networkKey, expires } = invitation;
  const { bytes } = encodeBlock(
    {
      a: entryHashToBytes(archive.slice(ADDRESS_PREFIX.length) as EntryHash),
      i: entryHashToBytes(statement.slice(0, -STATEMENT_SUFFIX.length) as EntryHash),
      k: seed,
      p: inviters.map(({ did, addresses }) => [publicKeyOf(did), [...addresses]]),
      n: networkKey ?? null,
      e: Math.floor(expires / 1_000),
    },
    sha256,
  );
  return `${PREFIX}${base58btc.baseEncode(concatBytes(bytes, checksumOf(bytes, sha256)))}`;
}

/**
 * Returns the invitation that a string holds; white space around it is left aside.
 *
 * @throws {ArchiveError} `invitation_invalid` if it is no such string, or was not copied whole.
 */
export function parseInvitation(text: string, sha256: Sha256): Invitation {
  const word = text.trim();
  if (!word.startsWith(PREFIX) || word.length > MAX_CHARACTERS) {
    throw invalid(`it does not begin with ${PREFIX}, as every invitation does`);
  }
  const all = decodeWord(word.slice(PREFIX.length));
  const bytes = all.subarray(0, -CHECKSUM_BYTES);
  if (!equalBytes(all.subarray(-CHECKSUM_BYTES), checksumOf(bytes, sha256))) {
    throw invalid('its checksum is wrong; copy the whole string, without line breaks');
  }
  const { a, i, k, p, n, e } = readContent(bytes);
  return {
    archive: `${ADDRESS_PREFIX}${entryHashFromBytes(a)}`,
    statement: `${entryHashFromBytes(i)}${STATEMENT_SUFFIX}` as StatementId,
    seed: k,
    inviters: p.map(([key, addresses]) => ({ did: didFromPublicKey(key), addresses })),
    networkKey: n ?? undefined,
    expires: e * 1_000,
  };
}

function decodeWord(word: string): Uint8Array {
  try {
    return base58btc.baseDecode(word);
  } catch (cause) {
    throw invalid('it holds a character that no invitation has', cause);
  }
}

function readContent(bytes: Uint8Array): z.output<typeof content> {
  try {
    return content.parse(decodeBlock(bytes));
  } catch (cause) {
    throw invalid('it was made by another version', cause);
  }
}

function checksumOf(bytes: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(bytes).subarray(0, CHECKSUM_BYTES);
}

function invalid(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('invitation_invalid', `the invitation cannot be read: ${why}`, { cause });
}
