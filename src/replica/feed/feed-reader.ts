import { type Cid, CODEC, cidToBytes } from '../../core/cid.ts';
import { openCheckpoint } from '../../core/entries/note.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes, type Sha256 } from '../../core/hash.ts';
import type { VerifySignature } from '../../core/ports/keys.ts';
import type { Delivery, FeedHead, Leaf, MissingRecords } from '../../core/ports/ledger-feed.ts';
import type { PeerStream } from '../../core/ports/network.ts';
import { type Block, hashedBlock } from '../../core/statements/block.ts';
import { type BodyPart, decodeReply, encodeMessage, joined, type Reply } from './protocol.ts';

/** Greatest size of one entry with all that belongs to it: what is in memory at once. */
const MAX_BODY_BYTES = 256 * 1_048_576;

/** What a part counts for beside its bytes, so that empty ones come to an end. */
const PART_OVERHEAD = 64;

/**
 * Asks one node for its arrival log. What it returns has the form it must have and hashes to what
 * it is called; whether the log is what its head signs is for the caller to check.
 *
 * Everything fails as the stream does, and with `peer_invalid` for an answer that breaks the protocol.
 */
export class FeedReader {
  readonly #stream: PeerStream;
  readonly #sha256: Sha256;

  constructor(stream: PeerStream, sha256: Sha256) {
    this.#stream = stream;
    this.#sha256 = sha256;
  }

  /** Returns the peer's signed head, and what proves that it goes on from the one seen last. */
  async head(
    archive: { readonly address: string; readonly charterCid: Cid },
    seen: { readonly origin: string; readonly size: number },
    verify: VerifySignature,
  ): Promise<{ readonly head: FeedHead; readonly proof: readonly Uint8Array[] }> {
    await this.#ask({ type: 'hello', archive: archive.address, ...seen });
    const { note, proof } = await this.#answer('head');
    const { peer } = this.#stream;
    const body = this.#checked(() => openCheckpoint(note, peer, verify, this.#sha256));
    if (!body.origin.startsWith(`${archive.charterCid}/${peer}/`)) {
      throw invalid('shows the head of a log that is not its own');
    }
    return { head: { ...body, note }, proof };
  }

  /** Returns leaves from `since` on, and the proof that the log so far is a beginning of `size`. */
  async leaves(
    since: number,
    limit: number,
  ): Promise<{ readonly leaves: readonly Leaf[]; readonly proof: readonly Uint8Array[] }> {
    await this.#ask({ type: 'leaves', since, limit });
    const { leaves, proof } = await this.#answer('leaves');
    if (leaves.length === 0) throw invalid('gives no leaves where its head says there are some');
    if (leaves.length > limit) throw invalid('gives more leaves than were asked for');
    return { leaves, proof };
  }

  /** Yields the entries of these leaves, in this order. */
  async *bodies(leaves: readonly Leaf[]): AsyncGenerator<Delivery, void> {
    if (leaves.length === 0) return;
    await this.#ask({ type: 'want', leaves: joined(leaves) });
    const parts = this.#parts();
    for (const leaf of leaves) {
      const { entry, blocks, records } = await this.#body(parts);
      if (entry === null) throw invalid('lists an entry and does not give it');
      if (!equalBytes(leaf.subarray(4), this.#sha256(entry))) {
        throw invalid('gives another entry than the one it lists');
      }
      yield { bytes: entry, blocks, records };
    }
  }

  /** Returns those of the missing records that the peer has and gives. */
  async *records(missing: readonly MissingRecords[]): AsyncGenerator<readonly Block[], void> {
    const of = missing.map(({ leaf, records }) => ({
      leaf,
      records: joined(records.map(cidToBytes)),
    }));
    await this.#ask({ type: 'records', of });
    const parts = this.#parts();
    for (const _entry of missing) yield (await this.#body(parts)).records;
  }

  async #ask(request: Parameters<typeof encodeMessage>[0]): Promise<void> {
    await this.#stream.send(encodeMessage(request));
  }

  async #answer<T extends Reply['type']>(type: T): Promise<Reply & { readonly type: T }> {
    const message = await this.#stream.receive();
    if (message === undefined) throw invalid('ends in the middle of a conversation');
    const reply = decodeReply(message);
    if (reply.type === 'refused') {
      throw new ArchiveError('peer_refused', `the peer does not answer: ${reply.text}`);
    }
    if (reply.type !== type)
      throw invalid(`answers with ${reply.type} where ${type} was asked for`);
    // The type has just been compared.
    return reply as Reply & { readonly type: T };
  }

  /** Yields the parts of bodies as messages bring them. */
  async *#parts(): AsyncGenerator<BodyPart, never> {
    for (;;) {
      const { bodies } = await this.#answer('bodies');
      if (bodies.length === 0) throw invalid('answers with nothing');
      yield* bodies;
    }
  }

  async #body(parts: AsyncGenerator<BodyPart, never>): Promise<Body> {
    const { value: first } = await parts.next();
    const blocks: Block[] = [];
    const records: Block[] = [];
    let byteLength = 0;
    for (let part = first; ; part = (await parts.next()).value) {
      if (part !== first && part.entry !== null) throw invalid('begins an entry within another');
      byteLength += PART_OVERHEAD;
      for (const [codec, bytes] of part.blocks) {
        byteLength += bytes.length;
        blocks.push(this.#block(codec, bytes));
      }
      for (const bytes of part.records) {
        byteLength += bytes.length;
        records.push(this.#block(CODEC.dagCbor, bytes));
      }
      if (byteLength > MAX_BODY_BYTES) {
        throw invalid(`gives an entry with more than ${MAX_BODY_BYTES} bytes`);
      }
      if (part.last) return { entry: first.entry, blocks, records };
    }
  }

  #block(codec: number, bytes: Uint8Array): Block {
    return hashedBlock(codec, bytes, this.#sha256);
  }

  #checked<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof ArchiveError)) throw cause;
      throw new ArchiveError('peer_invalid', `the peer shows a false head: ${cause.message}`, {
        cause,
      });
    }
  }
}

interface Body {
  readonly entry: Uint8Array | null;
  readonly blocks: readonly Block[];
  readonly records: readonly Block[];
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('peer_invalid', `the peer ${what}`);
}
