import { equalBytes } from '../../core/hash.ts';
import type { AgeProofs, ProvenAge } from '../../core/ports/age-proofs.ts';
import { readHeader } from './bitcoin-header.ts';
import { attestationsOf } from './ots-file.ts';
import { refused } from './refused.ts';

/** A block's time may lie before the moment it was found by as much (BIP 113 and practice). */
const BLOCK_TIME_SLACK_MS = 2 * 3_600_000;

type About = Parameters<AgeProofs['readOpenTimestamps']>[1];

/** See {@link AgeProofs.readOpenTimestamps}. Attestations that are pending count for nothing. */
export function readOpenTimestamps(proof: Uint8Array, about: About): ProvenAge {
  const attestations = attestationsOf(proof, about.digest);
  const blocks = attestations.filter(({ kind }) => kind === 'bitcoin');
  if (blocks.length === 0) {
    const isPending = attestations.some(({ kind }) => kind === 'pending');
    throw refused(
      isPending
        ? 'is pending: no block holds it yet. Upgrade it with an OpenTimestamps client and add it again'
        : 'names no Bitcoin block',
    );
  }
  const { merkleRoot, timeMs, hash } = readHeader(about.header);
  const block = blocks.find(({ message }) => equalBytes(message, merkleRoot));
  if (block === undefined) {
    const heights = blocks.map(({ height }) => height).join(', ');
    throw refused(`does not lead to this block header; it names the block at height ${heights}`);
  }
  if (timeMs > about.now) throw refused('names a block whose time is yet to come');
  return {
    existedBy: new Date(timeMs + BLOCK_TIME_SLACK_MS).toISOString().slice(0, 10),
    by: `Bitcoin block ${hash}, said to be at height ${block.height}, of ${new Date(timeMs).toISOString()}; look up whether the chain has it`,
  };
}
