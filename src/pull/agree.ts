import type { Cid } from '../core/cid.ts';
import type { RevisionEntry } from '../core/dataset/revision.ts';
import { openCheckpoint } from '../core/entries/note.ts';
import { ArchiveError } from '../core/errors.ts';
import { equalBytes } from '../core/hash.ts';
import type { FileHolder } from './file-holder.ts';
import { nodeHolder } from './node-holder.ts';
import type { PullParts, SealedManifest } from './parts.ts';
import type { Offer } from './read-offer.ts';

/** What several nodes together say of a release: what any of them holds back is held back. */
export interface Agreement extends SealedManifest {
  readonly release: Cid;
  readonly offers: readonly Offer[];
  readonly withdrawn: ReadonlyMap<Cid, RevisionEntry>;
  /** What one node knows and another does not, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Puts together what nodes offer of one release.
 *
 * @throws {ArchiveError} `peer_invalid` where they offer different releases; `peer_equivocates` where one
 * shows less of its own log than another has seen of it.
 */
export function agree(offers: readonly Offer[], parts: PullParts): Agreement {
  const [first, ...others] = offers;
  if (first === undefined) throw new ArchiveError('internal', 'nobody offers anything');
  const other = others.find(({ release }) => release !== first.release);
  if (other !== undefined) {
    const text = `${first.source.name} serves ${first.release} and ${other.source.name} ${other.release} under this name; ask for one by its CID`;
    throw new ArchiveError('peer_invalid', text);
  }
  for (const offer of offers) for (const witness of offers) compareLogs(offer, witness, parts);
  const withdrawn = new Map<Cid, RevisionEntry>();
  for (const offer of offers) {
    for (const [asset, entry] of offer.withdrawn) withdrawn.set(asset, entry);
  }
  const { release, manifest, seals } = first;
  return { release, manifest, seals, offers, withdrawn, notes: differences(offers, withdrawn) };
}

/** Checks what a node shows of its own log against what a witness has seen of it. */
function compareLogs(offer: Offer, witness: Offer, parts: PullParts): void {
  const { node, head } = offer.word;
  const seen = witness.word.seen.find((one) => one.node === node);
  if (seen === undefined) return;
  const open = (note: string) => openCheckpoint(note, node, parts.verifySignature, parts.sha256);
  const [own, told] = [open(head), open(seen.note)];
  // A restored node begins another log.
  if (own.origin !== told.origin || own.size > told.size) return;
  const isShort = own.size < told.size;
  if (!isShort && equalBytes(own.root, told.root)) return;
  const text = isShort
    ? `${offer.source.name} shows ${own.size} entries of its log, and ${witness.source.name} has seen ${told.size} of them: it, or whoever stands between, shows an old state`
    : `${offer.source.name} shows another log of ${told.size} entries than ${witness.source.name} has seen of it`;
  throw new ArchiveError('peer_equivocates', text);
}

function differences(
  offers: readonly Offer[],
  withdrawn: ReadonlyMap<Cid, RevisionEntry>,
): readonly string[] {
  return offers.flatMap(({ source, withdrawn: known }) => {
    const lacking = [...withdrawn.keys()].filter((asset) => !known.has(asset));
    if (lacking.length === 0) return [];
    const from = offers.find((one) => lacking.some((asset) => one.withdrawn.has(asset)));
    const text = `${source.name} still serves ${lacking.length} withdrawn by ${from?.source.name}, first ${lacking[0]}; they are left out`;
    return [text];
  });
}

/** A file that is to be had, and who serves it just so. */
export interface WantedFile {
  readonly release: Cid;
  readonly name: string;
  /** As it was cut. */
  readonly cid: Cid;
  readonly size: number;
  /** Of a shard. */
  readonly samples?: number;
  readonly sha256: string;
  /** Samples that are left out of it. */
  readonly withheld: ReadonlySet<Cid>;
  readonly holders: readonly FileHolder[];
}

/**
 * Returns the shards that are to be had.
 *
 * @throws {ArchiveError} `content_withdrawn`, to be tried again, where no node serves a shard without all
 * that some of them hold back.
 */
export function shardsOf(
  { release, manifest, offers, withdrawn }: Agreement,
  parts: PullParts,
): readonly WantedFile[] {
  const inShard = (of: ReadonlyMap<Cid, RevisionEntry>, name: string) =>
    new Set([...of.values()].flatMap(({ asset, shard }) => (shard === name ? [asset] : [])));
  return manifest.shards.flatMap((shard): WantedFile[] => {
    const withheld = inShard(withdrawn, shard.name);
    // Nothing is left of it.
    if (withheld.size === shard.samples) return [];
    const holders = offers
      .filter((offer) => inShard(offer.withdrawn, shard.name).size === withheld.size)
      .map((offer) => nodeHolder(offer, parts));
    if (holders.length > 0) return [{ ...shard, release, withheld, holders }];
    const text = `no node given serves ${shard.name} without all that some of them have withdrawn; wait until they have heard of each other, or give one that has`;
    throw new ArchiveError('content_withdrawn', text, { retryable: true });
  });
}
