import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import {
  cid,
  code,
  did,
  documentCid,
  hex32,
  natural,
  purpose,
  requester,
  statementId,
  timestamp,
} from '../core/statements/fields.ts';
import { readIfThere } from './read-if-there.ts';

/** Comes last into a folder: a pull is finished once it is there. */
export const PULLED = 'pulled.json';

/** The schema of `pulled.json`: what lies in a folder of a release, where it came from, and when. */
const pulledSchema = z.strictObject({
  spec: z.literal('ringfence/pulled/1'),
  release: cid,
  name: z.string(),
  version: z.string(),
  purpose,
  requester,
  policy: z.strictObject({ name: z.string(), cid: documentCid }),
  curator: did,
  at: timestamp,
  /** Nodes that were asked, the first one first, each with its signed word on its newest revision. */
  nodes: z.array(z.strictObject({ url: z.url(), node: did, revision: natural, word: z.string() })),
  /** Where a copy as it was cut came from, of which no node has said that it is the newest; else null. */
  copiedFrom: z.string().nullable(),
  /** The statement that records this pull in the ledger; null where no node has given one. */
  receipt: statementId.nullable(),
  /** Samples that are left out of the shards here. */
  withheld: z.array(
    z.strictObject({ asset: cid, shard: z.string(), state: z.string(), reason: code }),
  ),
  files: z.array(
    z.strictObject({ name: z.string(), cid, size: natural, sha256: hex32, isShard: z.boolean() }),
  ),
});

export type Pulled = z.output<typeof pulledSchema>;

/**
 * Returns what lies in a folder; undefined where no pull was finished in it.
 *
 * @throws {ArchiveError} `release_invalid` for a damaged `pulled.json`.
 */
export async function readPulled(folder: string): Promise<Pulled | undefined> {
  const path = join(folder, PULLED);
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  try {
    return pulledSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (cause) {
    const text = `${path} is damaged; pull into another folder`;
    throw new ArchiveError('release_invalid', text, { cause });
  }
}
