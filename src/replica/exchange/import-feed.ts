import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { ImportedFeed } from '../../core/ports/exchange.ts';
import type { PeerStream } from '../../core/ports/network.ts';
import {
  decodeRequest,
  encodeMessage,
  joined,
  MAX_LEAVES,
  type Request,
} from '../feed/protocol.ts';
import { type SyncParts, syncWith } from '../feed/sync-with.ts';
import { damaged } from './feed-file.ts';
import { FeedInFile } from './feed-in-file.ts';

/**
 * Takes what is in a file by the conversation that nodes have over a line, with the file as the other
 * side; so nothing is believed that would not be believed from a peer. See {@link Exchanges.importFeed}.
 */
export async function importFeed(
  path: string,
  parts: Omit<SyncParts, 'network'>,
  signal?: AbortSignal,
): Promise<ImportedFeed> {
  try {
    await using feed = await onFile(path, () => FeedInFile.open(path, parts.sha256, signal));
    if (feed.head.address !== parts.feed.address) {
      throw new ArchiveError(
        'input_invalid',
        `${path} is of another archive: ${feed.head.address}`,
      );
    }
    const from = feed.head.by;
    const network = { open: async () => new FileStream(feed) };
    const options = signal === undefined ? {} : { signal };
    const { entries, skipped, size } = await syncWith(from, { ...parts, network }, options);
    return { from, entries, skipped, size };
  } catch (error) {
    // What would be a peer's fault is the file's here.
    if (!(error instanceof ArchiveError) || error.code !== 'peer_invalid') throw error;
    throw new ArchiveError('input_invalid', `${path} cannot be taken: ${error.message}`, {
      cause: error,
    });
  }
}

/** The other side of a pull: each request is answered from the file. */
class FileStream implements PeerStream {
  readonly peer: Did;
  readonly #feed: FeedInFile;
  #replies: AsyncIterator<Uint8Array, void> | undefined;
  #failure: ArchiveError | undefined;

  constructor(feed: FeedInFile) {
    this.peer = feed.head.by;
    this.#feed = feed;
  }

  get messages(): AsyncIterable<Uint8Array> {
    const next = async () => {
      const value = await this.receive();
      return value === undefined ? { done: true as const, value } : { done: false as const, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  async send(message: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#replies = this.#answer(decodeRequest(message));
  }

  async receive(): Promise<Uint8Array | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const reply = await this.#replies?.next();
    return reply?.done === false ? reply.value : undefined;
  }

  async end(): Promise<void> {}

  abort(reason: ArchiveError): void {
    this.#failure ??= reason;
  }

  [Symbol.dispose](): void {}

  async *#answer(request: Request): AsyncGenerator<Uint8Array, void> {
    const { head } = this.#feed;
    switch (request.type) {
      case 'hello': {
        const isSame = head.note.startsWith(`${request.origin}\n`);
        const seen = isSame ? Math.min(request.size, head.size) : 0;
        const proof = joined(this.#feed.consistencyProof(seen, head.size));
        yield encodeMessage({ type: 'head', note: head.note, proof });
        return;
      }
      case 'leaves': {
        const limit = Math.min(request.limit, MAX_LEAVES);
        const leaves = this.#feed.leaves(request.since, limit);
        const end = request.since + leaves.length;
        const proof = joined(this.#feed.consistencyProof(end, head.size));
        yield encodeMessage({ type: 'leaves', leaves: joined(leaves), proof });
        return;
      }
      case 'want':
        for (const leaf of request.leaves) {
          const bodies = this.#feed.bodies(leaf);
          if (bodies === undefined) {
            throw new ArchiveError(
              'input_invalid',
              `this file begins with entry ${head.since} of the other log, and earlier ones are ` +
                'missing here; have it exported with a smaller --since',
            );
          }
          yield* bodies;
        }
        return;
      case 'records':
        throw damaged('cannot be asked for records');
    }
  }
}
