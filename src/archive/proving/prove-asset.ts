import type { Cid } from '../../core/cid.ts';
import { type Did, isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { type AssetProof, formatAssetProof } from '../../core/witnessing/proof-file.ts';
import type { Archive } from '../archive.ts';
import { checkpointOver } from '../logging/confirmed-checkpoint.ts';
import { ProofGathering } from './proof-gathering.ts';

type Parts = Pick<Archive, 'ledger' | 'feed' | 'catalog' | 'sha256' | 'verifySignature'>;

export interface ProvenAsset {
  readonly asset: Cid;
  readonly address: string;
  /** The `.tlog-proof`. */
  readonly text: string;
  readonly entries: number;
  /** Organisations that have confirmed the log up to there. */
  readonly confirmedBy: readonly string[];
}

/**
 * Makes a proof of what this home's log says of an asset, for whoever knows the archive's address.
 *
 * It rests on the newest checkpoint if others have confirmed that and it covers everything but later
 * holdings and fixity, which are then left out; else on the log as it is now, which nobody has confirmed
 * yet. No record is in it, so no name is.
 *
 * @throws {ArchiveError} `not_found`, `proof_invalid` if a signer's membership rests on a decision of
 * stewards, which a proof cannot show yet; `aborted`.
 */
export async function proveAsset(
  parts: Parts,
  asset: Cid,
  signal?: AbortSignal,
): Promise<ProvenAsset> {
  const { ledger, feed, catalog } = parts;
  const turn = takeTurns();
  const gathering = new ProofGathering(parts, asset);
  await gathering.look(spokenOf(asset, catalog), signal);
  // What was said of it while these were read counts as well, and is little.
  const spoken = spokenOf(asset, catalog);
  const { note, size, lines, cosigners } = checkpointOver(parts, gathering.lastThatMatters(spoken));
  for (const entry of spoken) await gathering.add(entry, size);
  for (const did of [ownerOf(note), ...cosigners.keys()]) gathering.needs.add(did);
  await gathering.addGrants(size, signal);
  const entries = [...gathering.entries]
    .sort(([, a], [, b]) => a - b)
    .map(([entry, index]) => ({ entry, index, hashes: feed.inclusionProof(index, size) }));
  // The file is a proof of its first entry for tools that know no more: one that speaks of the asset.
  const first = entries.findIndex(({ entry }) => spoken.has(entry));
  const proof: AssetProof = {
    address: ledger.address,
    asset,
    checkpoint: `${note}${lines.join('')}`,
    entries: [...entries.splice(first, 1), ...entries],
    sets: gathering.sets,
    blocks: gathering.blocks(),
  };
  // Writing down a megabyte or two takes some hundredths of a second.
  await turn();
  const text = formatAssetProof(proof);
  const confirmedBy = [...new Set(cosigners.values())];
  return { asset, address: ledger.address, text, entries: proof.entries.length, confirmedBy };
}

/** Returns the entries that say something of an asset. @throws {ArchiveError} `not_found`. */
function spokenOf(asset: Cid, catalog: Parts['catalog']): ReadonlySet<EntryHash> {
  const spoken = new Set(factsIn(catalog.facts(asset)));
  if (spoken.size > 0) return spoken;
  throw new ArchiveError('not_found', `nothing in the archive speaks of ${asset}`);
}

/** Names the entries that say something of an asset, each once for every statement. */
function factsIn(facts: ReturnType<Parts['catalog']['facts']>): EntryHash[] {
  if (facts === undefined) return [];
  const kinds = Object.keys(facts.known) as (keyof typeof facts.known)[];
  const known = kinds.flatMap((kind) => factsOf(facts, kind).map(({ entry }) => entry));
  // An id is an entry's hash, a slash and a place.
  const unknown = facts.unknown.map(({ id }) => id.slice(0, id.indexOf('/')) as EntryHash);
  return [...known, ...unknown];
}

function ownerOf(note: string): Did {
  const did = note.split('/', 2)[1];
  if (isDid(did)) return did;
  throw new ArchiveError('internal', 'a checkpoint of this home names no key');
}
