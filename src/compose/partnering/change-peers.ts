import { readFileSync, statSync } from 'node:fs';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { PeerAddress } from '../../core/ports/network.ts';
import type { Settings } from '../../core/ports/settings.ts';
import { type OpenedHome, settingsWithPeers } from '../home.ts';

/**
 * Changes which peers the settings of a home have kept connected, and returns them. Durable when the
 * promise resolves; what else the file says stays.
 *
 * @throws {ArchiveError} `usage_invalid` for an address that is none, too many of them, or where
 * the environment says which they are;
 * `home_corrupt`, `disk_full`, `file_unreadable`; and what `change` throws.
 */
export async function changePeers(
  {
    paths: { settings: path },
    settings,
  }: { readonly paths: Pick<OpenedHome, 'settings'>; readonly settings: Settings },
  change: (peers: readonly PeerAddress[]) => readonly PeerAddress[],
): Promise<readonly PeerAddress[]> {
  await refuseOverruled(settings);
  // Addresses are libp2p's, of which nothing else is loaded before a node begins to run.
  const { parseAddress } = await import('../../network/parse-address.ts');
  // Of several changes at once none comes between the reading and the writing of another.
  return await onFile(path, async () => {
    const { text, peers } = settingsWithPeers(readFileSync(path, 'utf8'), (before) => {
      const after = change(before);
      for (const address of after) if (!before.includes(address)) parseAddress(address);
      return after;
    });
    writeDurably(path, text, statSync(path).mode & 0o777);
    return peers;
  });
}

async function refuseOverruled(settings: Settings): Promise<void> {
  const peers = (await settings.read()).find(({ name }) => name === 'network.peers');
  if (peers?.source !== 'variable') return;
  const text = `${peers.variable} says which peers are kept connected; change them there`;
  throw new ArchiveError('usage_invalid', text);
}
