import { z } from 'zod';
import { fromBase64 } from '../base64.ts';
import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf, listOf } from '../foreign-data.ts';
import { fromHex, type Sha256 } from '../hash.ts';
import type { Block } from '../statements/block.ts';
import { assetCid, hex16 } from '../statements/fields.ts';
import { encodeRecord } from '../statements/record.ts';
import { createSet, MAX_SET } from '../statements/set.ts';
import { encodeText } from '../statements/text.ts';
import { PAYLOAD_TYPE } from './envelope.ts';
import { parseStrictJson } from './strict-json.ts';

/**
 * A claim as it travels between an archive and a maker: a DSSE envelope, unsigned or signed, with what
 * its statements name. A bare envelope is a claim whose texts and sets the archive has already.
 */
const envelope = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).max(16),
});

export const claimFile = z.strictObject({
  format: z.literal('ringfence-claim/1'),
  envelope,
  /** Texts that were shown. */
  texts: z.array(z.strictObject({ language: z.string(), text: z.string() })).max(16),
  /** Sets that are spoken of, by their members. */
  sets: z.array(listOf(assetCid, { max: MAX_SET })).max(16),
  /** Words beside the statements; the nonce keeps their CID from being guessed. */
  notes: z.array(z.strictObject({ nonce: hex16, text: z.string() })).max(16),
});

export type ClaimFile = z.output<typeof claimFile>;

/** What comes with a claim, as blocks. */
export interface ClaimParts {
  readonly texts: readonly Block[];
  readonly sets: readonly {
    readonly cid: Cid;
    readonly members: readonly Cid[];
    readonly blocks: readonly Block[];
  }[];
  readonly notes: readonly Block[];
}

/**
 * Reads a claim file or a bare envelope. Nothing of it is believed yet.
 *
 * @throws {ArchiveError} `input_invalid` if it is neither, or names a key twice.
 */
export function parseClaim(text: string): ClaimFile {
  const value = parseStrictJson(text);
  const bare = envelope.safeParse(value);
  if (bare.success) {
    return { format: 'ringfence-claim/1', envelope: bare.data, texts: [], sets: [], notes: [] };
  }
  const read = claimFile.safeParse(value);
  if (read.success) return read.data;
  throw new ArchiveError('input_invalid', `this is no claim file: ${faultOf(read.error)}`);
}

/** Returns the payload that is or is to be signed. @throws {ArchiveError} `input_invalid`. */
export function payloadIn({ envelope: { payload } }: ClaimFile): Uint8Array {
  const bytes = fromBase64(payload);
  if (bytes !== undefined) return bytes;
  throw new ArchiveError(
    'input_invalid',
    'the payload of this claim is not base64 in its one form',
  );
}

/** @throws {ArchiveError} `input_invalid` for a set without members. */
export function partsOf({ texts, sets, notes }: ClaimFile, sha256: Sha256): ClaimParts {
  return {
    texts: texts.map((shown) => encodeText(shown, sha256)),
    sets: sets.map((members) => ({ ...createSet(members, sha256), members })),
    notes: notes.map((note) => noteBlock(note, sha256)),
  };
}

export function noteBlock({ nonce, text }: ClaimFile['notes'][number], sha256: Sha256): Block {
  // The schema has read the nonce as hexadecimal.
  return encodeRecord({ type: 'note', text }, fromHex(nonce) ?? new Uint8Array(16), sha256);
}
