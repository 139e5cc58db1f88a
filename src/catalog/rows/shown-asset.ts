import { type Cid, CODEC, codecOf, digestOf } from '../../core/cid.ts';
import { toHex } from '../../core/hash.ts';
import type { AssetStatus } from '../../core/ports/asset-views.ts';
import { type CurrentDeposit, currentDeposits } from '../../core/provenance/current-deposits.ts';
import { currentFindings } from '../../core/provenance/current-findings.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';

/** What the catalog keeps of an asset beside its statements, for listing and for ingest. */
export interface ShownAsset {
  readonly status: AssetStatus | null;
  readonly media: string | null;
  readonly licence: string | null;
  readonly size: number;
  readonly sha256: string;
  /** This home's organisation has declared it, or stated custody. */
  readonly declared: boolean;
  readonly custody: boolean;
  /** The first deposit first. */
  readonly deposits: readonly CurrentDeposit[];
}

/** Returns what is shown of an asset; a pure function of what stands about it. */
export function shownAsset(
  facts: AssetFacts,
  status: AssetStatus | null,
  organisation: string,
): ShownAsset {
  const deposits = currentDeposits(facts);
  const bytes = status === null ? NOTHING : bytesOf(facts, deposits[0]);
  const isOwn = (fact: { readonly organisation: string; readonly carried: boolean }) =>
    fact.organisation === organisation && !fact.carried;
  return {
    status,
    ...bytes,
    licence: deposits[0]?.licence ?? null,
    declared: factsOf(facts, 'declaration').some(isOwn),
    custody: factsOf(facts, 'custody').some(isOwn),
    deposits,
  };
}

type Bytes = Pick<ShownAsset, 'media' | 'size' | 'sha256'>;

const NOTHING: Bytes = { media: null, size: 0, sha256: '' };

function bytesOf(facts: AssetFacts, first: CurrentDeposit | undefined): Bytes {
  if (first === undefined) return bytesFromFindings(facts);
  const { size, sha256 } = first.deposit.body;
  return { media: first.mediaType, size, sha256 };
}

/** What the inspectors saw of bytes that nobody has deposited. */
function bytesFromFindings(facts: AssetFacts): Bytes {
  const seen = new Map(currentFindings(facts).map((finding) => [finding.inspector, finding.facts]));
  const media = seen.get('format')?.['mediaType'];
  const digest = seen.get('digests')?.['sha256'];
  const size = seen.get('digests')?.['size'];
  return {
    media: typeof media === 'string' ? media : 'application/octet-stream',
    size: typeof size === 'number' && Number.isSafeInteger(size) ? size : 0,
    sha256: typeof digest === 'string' ? digest : digestFromCid(facts.asset),
  };
}

/** A file of one block is named by its own digest; of others nothing is known without a finding. */
function digestFromCid(cid: Cid): string {
  return codecOf(cid) === CODEC.raw ? toHex(digestOf(cid)) : '';
}
