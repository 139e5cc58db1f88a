import { readFile } from 'node:fs/promises';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { asArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { PeerAddress } from '../../core/ports/network.ts';
import { keyReachedAt, withKey } from '../../network/peer-keys.ts';
import { Introducing } from '../../replica/introductions/introducing.ts';
import { exists } from '../home.ts';
import { isNotThere, isPeersFault, type PartnerParts, tellFailure } from './partner-parts.ts';

/** What is learned within so long is told, saved and acted upon together. */
const GAP_MS = 2_000;

/** Returns what introduces this home's node to members, as it is kept in the home; it is not started. */
export async function prepareIntroducing({
  archive: { ledger, feed, paths },
  network,
  log,
}: Pick<PartnerParts, 'archive' | 'network' | 'log'>): Promise<Introducing> {
  const { knownPeers, network: settings } = paths;
  return new Introducing({
    ...{ network, ledger, feed, keyIn: keyReachedAt, random: Math.random, gapMs: GAP_MS },
    addresses: () => {
      if (settings.announce.length > 0) {
        return settings.announce.map((address) => withKey(address, network.did));
      }
      return [...network.addresses].sort((one, other) => nearness(one) - nearness(other));
    },
    saved: await onFile(knownPeers, async () =>
      (await exists(knownPeers)) ? await readFile(knownPeers, 'utf8') : '',
    ),
    save: (text) => onFile(knownPeers, async () => writeDurably(knownPeers, text)),
    onProblem: (error, peer) => {
      const failure = asArchiveError(error);
      if (peer === undefined || !isPeersFault(failure.code)) tellFailure(log, 'peer', error, peer);
      else if (!isNotThere(failure.code)) network.complain(peer, failure);
    },
  });
}

/** What only this machine can call comes last: others are told of a few addresses alone. */
function nearness(address: PeerAddress): number {
  return /^\/(ip4\/127\.|ip6\/::1\/)/.test(address) ? 1 : 0;
}
