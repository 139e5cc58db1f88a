import { throwIfAborted } from '../../core/abort.ts';
import { type Cid, CODEC, codecOf } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { ContentStore } from '../../core/ports/content-store.ts';
import type { PeerStream } from '../../core/ports/network.ts';
import { fileTree, isBlockDamage, type SentTree } from '../../core/unixfs/file-dag.ts';
import { type Ask, decodeAsks, encodeRefusal, FrameBuffer, invalid } from './protocol.ts';

/** Returns what of a release travels under its own CID; undefined for what is no release. */
export type ReleaseTree = (root: Cid) => SentTree | undefined;

/** What serving needs. */
export interface ByteServer {
  readonly content: Pick<ContentStore, 'isRoot' | 'stat' | 'getBlock'>;
  /** Says whether a peer may have an asset or a release, as of now. */
  readonly mayHave: (peer: Did, root: Cid) => boolean;
  /** Returns what of a release is sent; undefined for what is none. */
  readonly releaseTree?: ReleaseTree;
  /** Told of an asset of which a block turned out to be damaged or missing here. */
  readonly onDamage: (asset: Cid) => void;
  /** Resolves when so many bytes may be sent. */
  readonly pace: (byteLength: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Answers a stream of the bytes protocol: sends what is asked for, in order, until the peer ends.
 * Every block is hashed before it is sent. At most two messages are in memory.
 */
export async function serveBytes(
  server: ByteServer,
  stream: PeerStream,
  signal: AbortSignal,
): Promise<void> {
  const sender = new Sender(server, stream, signal);
  for await (const message of stream.messages) {
    for (const ask of decodeAsks(message)) await sender.serve(ask);
    await sender.flush();
  }
  await sender.end();
}

class Sender {
  readonly #server: ByteServer;
  readonly #stream: PeerStream;
  readonly #signal: AbortSignal;
  readonly #buffer = new FrameBuffer();
  /** While this one leaves, the next one is read. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(server: ByteServer, stream: PeerStream, signal: AbortSignal) {
    this.#server = server;
    this.#stream = stream;
    this.#signal = signal;
  }

  async serve(ask: Ask): Promise<void> {
    const { content, mayHave, onDamage, releaseTree } = this.#server;
    const { root } = ask;
    const release = releaseTree?.(root);
    if (!mayHave(this.#stream.peer, root)) return this.#refuse(root, 'not-allowed');
    try {
      if (!content.isRoot(root)) return await this.#refuse(root, 'not-held');
      const tree = release ?? (await this.#fileAt(root));
      if (tree === undefined) return await this.#refuse(root, 'not-held');
      await this.#sendParts(ask, tree);
    } catch (error) {
      if (!isBlockDamage(error)) throw error;
      // Of a release, words may be gone that were erased: nobody is to heal that.
      if (release === undefined) onDamage(root);
      await this.#refuse(root, 'damaged');
    }
  }

  async #fileAt(root: Cid): Promise<SentTree | undefined> {
    const stat = await this.#server.content.stat(root);
    return stat && fileTree(root, stat.size);
  }

  async flush(): Promise<void> {
    if (this.#buffer.isEmpty) return;
    await this.#send(this.#buffer.take());
  }

  async end(): Promise<void> {
    await this.#leaving;
    await this.#stream.end();
  }

  /** Walks down from the root: only what hangs on the asset is sent, whatever is asked for. */
  async #sendParts({ root, from, parts }: Ask, tree: SentTree): Promise<void> {
    const { content } = this.#server;
    const asked = new Set(parts);
    const isWhole = asked.size === 0;
    const stack = [tree.top];
    let place = 0;
    for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
      const isSent = isWhole ? place >= from : asked.delete(part.cid);
      place += 1;
      if (!isSent && codecOf(part.cid) === CODEC.raw) continue;
      const bytes = isSent ? await this.#add(part.cid) : await content.getBlock(part.cid);
      if (!isWhole && asked.size === 0) break;
      stack.push(...tree.childrenOf(part, bytes).toReversed());
      if (this.#buffer.isFull) await this.#flushIfAllowed(root);
    }
    const isMore = isWhole ? place <= from : asked.size > 0;
    if (isMore) throw invalid(`a part was asked for that ${root} does not have`);
  }

  /** Adds a block to what is to be sent and returns its bytes. */
  async #add(cid: Cid): Promise<Uint8Array> {
    const { byteLength } = this.#buffer;
    try {
      return await this.#server.content.getBlock(cid, (length) => this.#buffer.add(cid, length));
    } catch (error) {
      this.#buffer.cutTo(byteLength);
      throw error;
    }
  }

  async #flushIfAllowed(root: Cid): Promise<void> {
    await this.flush();
    // A large asset takes hours: who is no longer allowed to have it gets no more of it.
    if (!this.#server.mayHave(this.#stream.peer, root)) {
      throw invalid(`${this.#stream.peer} may not have ${root} any more`);
    }
  }

  async #refuse(root: Cid, because: Parameters<typeof encodeRefusal>[1]): Promise<void> {
    await this.flush();
    await this.#send(encodeRefusal(root, because));
  }

  async #send(message: Uint8Array): Promise<void> {
    throwIfAborted(this.#signal);
    await this.#server.pace(message.length, this.#signal);
    await this.#leaving;
    this.#leaving = this.#stream.send(message);
  }
}
