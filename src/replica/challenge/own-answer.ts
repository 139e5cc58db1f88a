import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import { type Challenge, challengeAnswer, challengedRanges } from '../../core/sharing/challenge.ts';
import { isBlockDamage } from '../../core/unixfs/file-dag.ts';

export interface AnswerParts {
  readonly content: Pick<ContentStore, 'isRoot' | 'stat' | 'read'>;
  readonly sha256: Sha256;
  /** Told of an asset of which a block turned out to be damaged or missing here. */
  readonly onDamage: (asset: Cid) => void;
}

/** What this node's own copy gives, with the bytes that it took; undefined without a whole copy. */
export async function ownAnswer(
  { content, sha256, onDamage }: AnswerParts,
  challenge: Challenge,
  asset: Cid,
  signal: AbortSignal,
): Promise<{ readonly answer: Uint8Array; readonly byteLength: number } | undefined> {
  throwIfAborted(signal);
  if (!content.isRoot(asset)) return undefined;
  try {
    const stat = await content.stat(asset);
    if (stat === undefined) throw new ArchiveError('block_missing', `${asset} is not stored here`);
    const chunks: Uint8Array[] = [];
    for (const range of challengedRanges(challenge.nonce, asset, stat.size, sha256)) {
      // Every block is hashed on the way: what is compared is not only there but right.
      const bytes = content.read(asset, { ...range, signal });
      for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk));
    }
    const bytes = Buffer.concat(chunks);
    const answer = challengeAnswer(challenge, asset, bytes, sha256);
    return { answer, byteLength: bytes.length };
  } catch (error) {
    if (!isBlockDamage(error)) throw error;
    onDamage(asset);
    return undefined;
  }
}
