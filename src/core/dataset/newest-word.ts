import { z } from 'zod';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { cid, did, hex16, hex32, natural, timestamp } from '../statements/fields.ts';
import { releaseSchemas } from './manifest.ts';
import { encodeSigned, parseSigned, type SignedForm } from './signed-file.ts';

/** Signed notes (C2SP) that a word may hold besides the node's own. */
export const MOST_SEEN = 64;

const note = z.string().max(8192);

/**
 * A node's word on which revision of a release is the newest, at one moment: what shows that nobody hides
 * a later one, since lists alone are as valid when the last of them are kept back.
 */
const word = z.strictObject({
  spec: z.literal('ringfence/newest/1'),
  release: cid,
  /** 0 for the release as it was cut. */
  revision: natural,
  /** sha-256 of the list of that revision; null for the release as it was cut. */
  list: hex32.nullable(),
  /**
   * Every file beside the shards as it is served with that revision: those of the cut where they are as they
   * were, this node's own where something was withdrawn or words were erased. Null while they are being written.
   */
  files: releaseSchemas.files.nullable(),
  at: timestamp,
  /** What whoever asked has sent, so that the answer is to that question; null where nothing was sent. */
  nonce: hex16.nullable(),
  node: did,
  /** The node's own log as it is now: a C2SP signed note. */
  head: note,
  /** The newest heads that it has seen of other nodes' logs: each is signed by its own node. */
  seen: z.array(z.strictObject({ node: did, note })).max(MOST_SEEN),
});

export type NewestWord = z.output<typeof word>;

const form: SignedForm<NewestWord> = {
  schema: word.extend({ signature: z.string().max(1024) }),
  signer: ({ node }) => node,
  what: 'newest.json',
};

/** Returns `newest.json`, signed. */
export function encodeNewestWord(value: NewestWord, signer: Signer): Uint8Array {
  return encodeSigned(value, signer);
}

/**
 * Returns what a `newest.json` says, once its signature was checked.
 *
 * @throws {ArchiveError} `release_invalid`.
 */
export function parseNewestWord(bytes: Uint8Array, verify: VerifySignature): NewestWord {
  return parseSigned(bytes, form, verify);
}
