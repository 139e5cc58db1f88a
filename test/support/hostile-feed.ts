import type { Cid } from '../../src/core/cid.ts';
import { entryHashToBytes } from '../../src/core/entries/entry-hash.ts';
import { signCheckpoint } from '../../src/core/entries/note.ts';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  type Frontier,
  leafHash,
  rootOf,
} from '../../src/core/merkle/tree.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import type { Delivery, Leaf } from '../../src/core/ports/ledger-feed.ts';
import type { Answer } from '../../src/core/ports/network.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { bodyParts, packed } from '../../src/replica/feed/body-parts.ts';
import {
  decodeRequest,
  encodeMessage,
  joined,
  leafKey,
  type Request,
} from '../../src/replica/feed/protocol.ts';
import type { MadeEntry } from './ledger-archive.ts';

/** Of an archive, what a signed head says. */
interface NamedArchive {
  readonly charterBlock: { readonly cid: Cid };
}

/** A log that a test makes up, honestly signed by whoever shows it. */
export class MadeLog {
  readonly #signer: Signer;
  readonly #origin: string;
  readonly #entries: readonly MadeEntry[];
  readonly #byLeaf: ReadonlyMap<string, Delivery>;
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #frontiers: Frontier[] = [EMPTY_FRONTIER];

  constructor(archive: NamedArchive, signer: Signer, entries: readonly MadeEntry[], epoch = 'ee') {
    this.#signer = signer;
    this.#origin = `${archive.charterBlock.cid}/${signer.did}/${epoch.repeat(16)}`;
    this.#entries = entries;
    this.#byLeaf = new Map(entries.map((one) => [leafKey(entryHashToBytes(one.hash)), one]));
    for (const leaf of this.leaves(0, entries.length)) {
      const last = this.#frontiers.at(-1) ?? EMPTY_FRONTIER;
      const { frontier, completed } = appendLeaf(last, leafHash(leaf, sha256), sha256);
      for (const { level, index, hash } of completed) this.#nodes.set(`${level}/${index}`, hash);
      this.#frontiers.push(frontier);
    }
  }

  get size(): number {
    return this.#entries.length;
  }

  leaves(since: number, limit: number): Leaf[] {
    return this.#entries.slice(since, since + limit).map(({ hash }) => entryHashToBytes(hash));
  }

  note(size = this.size): string {
    const root = rootOf(this.#frontiers[size] ?? EMPTY_FRONTIER, sha256);
    return signCheckpoint({ origin: this.#origin, size, root }, this.#signer, sha256);
  }

  proof(from: number, to = this.size): readonly Uint8Array[] {
    const read = (level: number, index: number) =>
      this.#nodes.get(`${level}/${index}`) ?? new Uint8Array(32);
    return from === 0 ? [] : consistencyProof(from, to, read, sha256);
  }

  delivery(leaf: Leaf): Delivery | undefined {
    return this.#byLeaf.get(leafKey(leaf));
  }
}

type Reply = Parameters<typeof encodeMessage>[0] | Uint8Array;

/** What a hostile server does otherwise than an honest one; undefined: as an honest one. */
export type Trick = (
  request: Request,
) => undefined | Reply | readonly Reply[] | 'nothing' | 'hang up';

/** Answers pulls with a made-up log, with tricks. */
export function serveMade(log: MadeLog, trick: Trick = () => undefined): Answer {
  return async (stream, signal) => {
    for await (const message of stream.messages) {
      const request = decodeRequest(message);
      const played = trick(request);
      if (played === 'hang up') return;
      if (played === 'nothing') {
        const { promise, resolve } = Promise.withResolvers<void>();
        signal.addEventListener('abort', () => resolve());
        return promise;
      }
      const replies = played === undefined ? await honest(log, request) : [played].flat();
      for (const reply of replies) {
        await stream.send(reply instanceof Uint8Array ? reply : encodeMessage(reply));
      }
    }
  };
}

async function honest(log: MadeLog, request: Request): Promise<Reply[]> {
  switch (request.type) {
    case 'hello': {
      const proof = joined(log.proof(Math.min(request.size, log.size)));
      return [{ type: 'head', note: log.note(), proof }];
    }
    case 'leaves': {
      const leaves = log.leaves(request.since, request.limit);
      const proof = joined(log.proof(request.since + leaves.length));
      return [{ type: 'leaves', leaves: joined(leaves), proof }];
    }
    case 'want': {
      const parts = request.leaves.flatMap((leaf) => [...bodyParts(log.delivery(leaf))]);
      return Array.fromAsync(packed(asAsync(parts)));
    }
    case 'records':
      return Array.fromAsync(packed(asAsync(request.of.flatMap(() => [...bodyParts(undefined)]))));
  }
}

async function* asAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
