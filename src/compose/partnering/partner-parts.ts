import { setTimeout as delay } from 'node:timers/promises';
import type { LiveReleases } from '../../archive/live/live-releases.ts';
import type { Projector } from '../../archive/projector.ts';
import { throwIfAborted } from '../../core/abort.ts';
import { failureText } from '../../core/defect-text.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { asArchiveError, type ErrorCode } from '../../core/errors.ts';
import type { BlockExchange } from '../../core/ports/block-exchange.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Network } from '../../core/ports/network.ts';
import type { OpenedArchive } from '../open-archive.ts';
import type { ReplicaSettings } from '../settings/replica-settings.ts';

/** What everything that a node does with its partners is made of. */
export interface PartnerParts {
  readonly archive: OpenedArchive;
  readonly network: Network;
  /** Single blocks over the same connections; without it none are served or fetched. */
  readonly blocks?: BlockExchange;
  /** Says which releases are given to nobody as they were cut; without it no single blocks are served. */
  readonly live?: Pick<LiveReleases, 'look' | 'lookAgain' | 'isTouched'>;
  readonly signer: Signer;
  readonly projector: Projector;
  readonly log: Log;
  readonly settings: ReplicaSettings;
}

/** News within so long is one piece of news. */
export const GAP_MS = 500;

/** Logs a failure that nobody waits for, by its code; a defect by where it happened. */
export function tellFailure(log: Log, event: string, error: unknown, peer?: Did): void {
  const { code } = asArchiveError(error);
  const details = { code, ...(peer === undefined ? {} : { peer }) };
  log({ level: 'warning', event, text: failureText(error), details });
}

/** A peer that has only just come in, or is leaving, is asked the next time, without a word. */
export function isNotThere(code: ErrorCode): boolean {
  return code === 'peer_refused' || code === 'peer_unreachable';
}

/** Something the peer did, and not a fault of this home. */
export function isPeersFault(code: ErrorCode): boolean {
  return code.startsWith('peer_') || code === 'format_unknown';
}

/** @throws {ArchiveError} `aborted` once the signal has fired. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => throwIfAborted(signal));
}
