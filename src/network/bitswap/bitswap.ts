import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, PeerId, Stream } from '@libp2p/interface';
import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { BlockExchange, BlockServer } from '../../core/ports/block-exchange.ts';
import type { PeerStanding } from '../../core/ports/network.ts';
import type { Complaints } from '../complaints.ts';
import { didOf } from '../peer-keys.ts';
import type { PeerLink } from '../peer-link.ts';
import { translateError } from '../translate-error.ts';
import { type AnswerBudget, answerWants, budgetOf } from './answering.ts';
import type { BitswapLimits } from './bitswap-limits.ts';
import { BitswapPeer } from './bitswap-peer.ts';
import { decodeMessage } from './message.ts';
import { MessageReader } from './message-reader.ts';
import { BITSWAP } from './outbox.ts';

interface BitswapParts {
  readonly links: ReadonlyMap<Did, PeerLink>;
  readonly admits: (did: Did) => PeerStanding;
  readonly complaints: Complaints;
  readonly limits: BitswapLimits;
}

/**
 * Bitswap 1.2.0 as one conversation per peer: what it wants of this node, and what this node wants of
 * it. Knows nothing of who may have what: that is the {@link BlockServer}'s.
 */
export class Bitswap implements BlockExchange {
  readonly #parts: BitswapParts;
  readonly #peers = new Map<PeerLink, BitswapPeer>();
  readonly #visitors: AnswerBudget;
  #server: BlockServer | undefined;

  constructor(parts: BitswapParts) {
    this.#parts = parts;
    this.#visitors = budgetOf(parts.limits.visitors);
  }

  serve(blocks: BlockServer): void {
    this.#server = blocks;
  }

  async want(
    did: Did,
    cid: Cid,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Uint8Array | undefined> {
    const link = this.#parts.links.get(did);
    if (link === undefined) {
      throw new ArchiveError('peer_unreachable', `${did} is not connected`, { retryable: true });
    }
    if (!isServed(this.#parts.admits(did))) {
      throw new ArchiveError(
        'peer_refused',
        `${did} is neither a member nor a peer of the settings`,
      );
    }
    try {
      return await this.#peerOf(link).ask(cid, signal);
    } catch (error) {
      throw translateError(error, `${BITSWAP} with ${did}`, signal);
    }
  }

  /** Says whether bitswap is spoken with this peer. */
  isOpenTo(peer: PeerId): boolean {
    const did = didOf(peer);
    return did !== undefined && isServed(this.#parts.admits(did));
  }

  /** To be called for every stream of bitswap that a peer opens. */
  onStream(stream: Stream, connection: Connection): void {
    const did = didOf(connection.remotePeer);
    const link = did === undefined ? undefined : this.#parts.links.get(did);
    if (link === undefined || !this.isOpenTo(connection.remotePeer)) {
      stream.abort(new ArchiveError('peer_refused', 'bitswap is not for everybody here'));
      return;
    }
    const peer = this.#peerOf(link);
    if (peer.openStreams >= this.#parts.limits.streams) {
      const error = new ArchiveError('peer_refused', `too many streams of ${BITSWAP}`);
      this.#parts.complaints.add(link.peer, error);
      stream.abort(error);
      return;
    }
    void this.#listen(peer, stream);
  }

  /** To be called when the last connection with a peer is gone. */
  forget(link: PeerLink): void {
    const error = new ArchiveError('peer_unreachable', 'the connection is gone', {
      retryable: true,
    });
    this.#peers.get(link)?.end(error);
    this.#peers.delete(link);
  }

  #peerOf(link: PeerLink): BitswapPeer {
    const known = this.#peers.get(link);
    if (known !== undefined) return known;
    const peer = new BitswapPeer(link, this.#parts.limits);
    this.#peers.set(link, peer);
    return peer;
  }

  async #listen(peer: BitswapPeer, stream: Stream): Promise<void> {
    const { link } = peer;
    const { graceMs } = this.#parts.limits;
    peer.openStreams += 1;
    try {
      // Nothing is said on it: answers go out on streams of this node.
      stream.close({ signal: AbortSignal.timeout(graceMs) }).catch(() => {});
      const reader = new MessageReader(stream, graceMs);
      for (;;) {
        using message = await reader.next((byteLength) => peer.admit(byteLength));
        if (message === undefined) return;
        const { length } = message.bytes;
        link.onBytes('received', length);
        const waitMs = link.onMessage(length);
        if (waitMs > 0) await delay(waitMs, undefined, { signal: peer.signal });
        this.#take(peer, message.bytes);
      }
    } catch (cause) {
      const error = peer.failureOf(cause);
      stream.abort(error);
      this.#complain(link, error);
    } finally {
      peer.openStreams -= 1;
    }
  }

  #take(peer: BitswapPeer, bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    peer.asking.receive(message);
    peer.wantlist.update(message);
    this.#answer(peer);
  }

  #answer(peer: BitswapPeer): void {
    const server = this.#server;
    if (peer.isAnswering || peer.wantlist.size === 0 || server === undefined) return;
    peer.isAnswering = true;
    const { link, wantlist, outbox, signal } = peer;
    const budgets = link.standing === 'member' ? [peer.budget] : [peer.budget, this.#visitors];
    const onGiven = () => link.noteGiven();
    answerWants(server, { peer: link.peer, wantlist, outbox, budgets, signal, onGiven })
      .catch((error: unknown) => {
        wantlist.clear();
        this.#complain(link, peer.failureOf(error));
      })
      .finally(() => {
        peer.isAnswering = false;
        this.#answer(peer);
      });
  }

  #complain(link: PeerLink, error: ArchiveError): void {
    if (error.code === 'aborted' || error.code === 'peer_unreachable') return;
    this.#parts.complaints.add(link.peer, error);
  }
}

function isServed(standing: PeerStanding): boolean {
  return standing === 'member' || standing === 'visitor';
}
