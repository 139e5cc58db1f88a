import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { ExportedFeed, VerdictClaim } from '../../core/ports/exchange.ts';
import type { LedgerFeed, MayHave } from '../../core/ports/ledger-feed.ts';
import { bodyParts, packed } from '../feed/body-parts.ts';
import { encodeMessage, joined, MAX_LEAVES } from '../feed/protocol.ts';
import { encodeHead, framed } from './feed-file.ts';

/** Writes a feed into a file; see {@link Exchanges.exportFeed}. */
export async function exportFeed(
  path: string,
  feed: LedgerFeed,
  options: {
    readonly since: number;
    readonly mayHave: MayHave;
    readonly claim?: VerdictClaim | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ExportedFeed> {
  const { since } = options;
  const head = feed.head();
  if (since > head.size) {
    throw new ArchiveError(
      'usage_invalid',
      `the log has ${head.size} entries, fewer than ${since}`,
    );
  }
  const partial = `${path}.partial`;
  let bytes = 0;
  await onFile(path, async () => {
    await rm(partial, { force: true });
    const file = await open(partial, 'wx', 0o600);
    try {
      const sum = createHash('sha256');
      for await (const frame of framesOf(feed, head, options)) {
        throwIfAborted(options.signal);
        sum.update(frame);
        bytes += frame.length;
        await file.appendFile(frame);
      }
      await file.appendFile(sum.digest());
      await file.sync();
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(partial, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  });
  return { path, entries: head.size - since, size: head.size, bytes: bytes + 32 };
}

async function* framesOf(
  feed: LedgerFeed,
  head: { readonly size: number; readonly note: string },
  { since, mayHave, claim }: Pick<Parameters<typeof exportFeed>[2], 'since' | 'mayHave' | 'claim'>,
): AsyncGenerator<Uint8Array, void> {
  const { size, note } = head;
  const { address, did: by } = feed;
  const claimed = claim === undefined ? {} : { claim };
  yield framed(
    encodeHead({ type: 'ringfence-feed/1', address, by, since, size, note, ...claimed }),
  );
  for (let start = 0; start < size; start += MAX_LEAVES) {
    const leaves = feed.leaves(start, Math.min(MAX_LEAVES, size - start));
    yield framed(encodeMessage({ type: 'leaves', leaves: joined(leaves), proof: joined([]) }));
  }
  for (let at = since; at < size; at += 1) {
    const [leaf] = feed.leaves(at, 1);
    const delivery = leaf === undefined ? undefined : feed.delivery(leaf, mayHave);
    if (delivery === undefined) throw new ArchiveError('internal', `entry ${at} is not here`);
    for await (const message of packed(partsOf(delivery))) yield framed(message);
  }
}

async function* partsOf(delivery: Parameters<typeof bodyParts>[0]) {
  yield* bodyParts(delivery);
}
