import { setTimeout as delay } from 'node:timers/promises';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Network } from '../core/ports/network.ts';

/** Pauses between attempts: twice as long each time, and as much again by chance. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps this node connected to the node that `dial` connects it with until the signal fires: dials, waits
 * until the connection is gone, dials again. Many nodes that lost one peer do not come back all at once.
 */
export async function keepConnected(
  dial: (options: { readonly signal: AbortSignal }) => Promise<Did>,
  options: {
    readonly network: Pick<Network, 'peers' | 'watch'>;
    /** 0 to 1, by chance. */
    readonly random: () => number;
    readonly signal: AbortSignal;
    readonly onFailure?: (error: ArchiveError) => void;
    readonly firstPauseMs?: number;
  },
): Promise<void> {
  const { network, random, signal, onFailure, firstPauseMs = FIRST_PAUSE_MS } = options;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const peer = await dial({ signal });
      pauseMs = firstPauseMs;
      await untilGone(peer, network, signal);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (signal.aborted) return;
      onFailure?.(error);
    }
    await delay(pauseMs * (1 + random()), undefined, { signal, ref: false }).catch(() => {});
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

function untilGone(
  peer: Did,
  network: Pick<Network, 'peers' | 'watch'>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = network.watch((change) => {
      if (change.peer === peer && !change.connected) done();
    });
    const done = () => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    const isThere = network.peers().some((connected) => connected.peer === peer);
    if (!isThere || signal.aborted) done();
  });
}
