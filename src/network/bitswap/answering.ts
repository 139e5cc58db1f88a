import { setTimeout as delay } from 'node:timers/promises';
import type { Did } from '../../core/entries/did-key.ts';
import type { BlockServer } from '../../core/ports/block-exchange.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Rate } from './bitswap-limits.ts';
import { encodeMessage, type Presence, type SentBlock, type Want } from './message.ts';
import { blockNamed, cidNamed } from './named-block.ts';
import type { Outbox } from './outbox.ts';
import type { Wantlist } from './wantlist.ts';

/** A message to a peer is sent once it holds so many bytes, or answers so many wants. */
const MESSAGE_BYTES = 262_144;
const MESSAGE_WANTS = 256;

/** How much is answered in a second; what is more waits. */
export interface AnswerBudget {
  readonly wants: TokenBucket;
  readonly bytes: TokenBucket;
}

export function budgetOf({ wants, bytes }: Rate): AnswerBudget {
  return { wants: new TokenBucket(wants), bytes: new TokenBucket(bytes) };
}

/** A peer that is answered. */
export interface Asker {
  readonly peer: Did;
  readonly wantlist: Wantlist;
  readonly outbox: Pick<Outbox, 'send'>;
  /** Its own budget, and those that it shares with others. */
  readonly budgets: readonly AnswerBudget[];
  /** Fires when it is gone. */
  readonly signal: AbortSignal;
  /** Told when it was given something. */
  readonly onGiven: () => void;
}

/**
 * Answers everything on a peer's list, one message after the other: while one leaves, the peer has no
 * other in memory, so one that reads slowly waits for itself alone. Each want is answered once, with
 * what holds then; whoever asks for something that is not here asks again later.
 *
 * @throws {ArchiveError} as {@link Outbox.send}; `aborted` when the peer is gone.
 */
export async function answerWants(server: BlockServer, asker: Asker): Promise<void> {
  const { peer, wantlist, outbox, budgets, signal, onGiven } = asker;
  while (wantlist.size > 0) {
    const blocks: SentBlock[] = [];
    const presences: Presence[] = [];
    let byteLength = 0;
    let answered = 0;
    while (byteLength < MESSAGE_BYTES && answered < MESSAGE_WANTS) {
      const want = wantlist.take();
      if (want === undefined) break;
      answered += 1;
      const answer = await answerTo(server, peer, want);
      if (answer instanceof Uint8Array) {
        blocks.push(blockNamed(want.cid, answer));
        byteLength += answer.length;
      } else if (answer || want.sendDontHave) presences.push({ cid: want.cid, isHere: answer });
    }
    await spend(budgets, answered, byteLength, signal);
    if (blocks.length === 0 && presences.length === 0) continue;
    if (byteLength > 0) await server.pace(byteLength, signal);
    if (blocks.length > 0 || presences.some(({ isHere }) => isHere)) onGiven();
    await outbox.send(encodeMessage({ blocks, presences }));
  }
}

/** Returns the block, or whether it is here for this peer. */
async function answerTo(server: BlockServer, peer: Did, want: Want): Promise<Uint8Array | boolean> {
  const cid = cidNamed(want.cid);
  if (cid === undefined) return false;
  if (want.isHave) return await server.has(peer, cid);
  return (await server.get(peer, cid)) ?? false;
}

/** Always gives others their turn. */
async function spend(
  budgets: readonly AnswerBudget[],
  wants: number,
  bytes: number,
  signal: AbortSignal,
): Promise<void> {
  const waits = budgets.map((budget) =>
    Math.max(budget.wants.take(wants), budget.bytes.take(bytes)),
  );
  await delay(Math.max(0, ...waits), undefined, { signal });
}
