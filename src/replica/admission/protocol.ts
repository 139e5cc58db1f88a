import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import type { Charter } from '../../core/entries/charter.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError, ERROR_CODES } from '../../core/errors.ts';
import type { Protocol } from '../../core/ports/network.ts';
import { decodeBlock, MAX_BLOCK_BYTES } from '../../core/statements/block.ts';
import { statementId } from '../../core/statements/fields.ts';

/**
 * The conversation in which a newcomer becomes a member (ledger.md §4). The newcomer sends one `apply`;
 * the node answers `admitted` and then, each as a message of its own, manifest, charter and the
 * documents that the charter names; or it answers `refused`.
 */
export const ADMISSION: Protocol = {
  name: '/ringfence/admission/1',
  strangers: true,
  maxMessageBytes: MAX_BLOCK_BYTES,
  idleMs: 10_000,
  maxStreams: 2,
};

/** Characters of a refusal. */
export const MAX_REFUSAL = 1_024;

/** What the address of an archive begins with; the manifest's CID follows. */
export const ADDRESS_PREFIX = '/orbitdb/';

export const application = z.strictObject({
  type: z.literal('apply'),
  /** The archive's address. */
  archive: z.string().max(128),
  invitation: statementId,
  /** The invitation key's signature over {@link signedByInvitation}. */
  proof: z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 64),
  /** What the newcomer wants to be called; empty where nothing is said. */
  name: z.string().max(256),
});

export type Application = z.output<typeof application>;

export const answer = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('admitted'),
    blocks: z.number().int().min(2).max(256),
    /** Whether the newcomer is shown entries; a witness is not. */
    entries: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('refused'),
    code: z.enum(ERROR_CODES),
    text: z.string().max(MAX_REFUSAL),
  }),
]);

/** What the key of an invitation signs: that this key may use it. */
export function signedByInvitation(newcomer: Did): Uint8Array {
  return new TextEncoder().encode(newcomer);
}

/** The documents that a charter names, in the order in which they are sent. */
export function charterDocuments(charter: Charter): readonly Cid[] {
  return [...new Set([...Object.values(charter.policies), ...Object.values(charter.trust)])].sort();
}

/** @throws {ArchiveError} `peer_invalid` if a message is not what it must be here. */
export function readMessage<T>(schema: z.ZodType<T>, message: Uint8Array | undefined): T {
  if (message === undefined) {
    throw new ArchiveError('peer_invalid', 'the peer ended before it had said what it must');
  }
  try {
    return schema.parse(decodeBlock(message));
  } catch (cause) {
    throw new ArchiveError('peer_invalid', 'the peer broke the protocol of admission', { cause });
  }
}
