import type { Cid } from '../../cid.ts';
import type { Sha256 } from '../../hash.ts';
import type { StandingStatement } from '../../provenance/facts.ts';
import type { EntryHash, StatementId } from '../../statements/fields.ts';
import type { VettedInstitution } from '../documents.ts';
import type { DecisionInput } from '../input.ts';
import type { KnownTaint } from '../taint.ts';
import type { Withholding } from '../withholding.ts';

/** What a verdict takes into account besides the statements about the asset itself. */
export interface FactContext {
  readonly institutions: readonly VettedInstitution[];
  /** The trust list for Content Credentials in force; undefined where there is none. */
  readonly credentialList?: Cid | undefined;
  /** Checks one-time withdrawal codes. */
  readonly sha256: Sha256;
  /** Says whether an entry is in the past of another; asked only where two statements conflict. */
  isAncestor(earlier: EntryHash, later: EntryHash): boolean;
  /** Returns what `leastTaints` found for a work that this one was made from. */
  taintOf(parent: Cid): KnownTaint | undefined;
  /** Returns what the rules see of a work that this one is a rendition of, see `masterInput`. */
  masterOf?(parent: Cid): DecisionInput | undefined;
  /** Returns what `withheldAlong` found for a work that this one is a rendition of. */
  withheldOf?(parent: Cid): readonly Withholding[];
  /** Returns what a set attestation says of an asset, and what its sample showed. */
  attested?(attestation: StatementId, asset: Cid): AttestedItem | undefined;
}

/** A statement about another asset that a verdict rests on, with who witnessed it. */
export type SeenStatement = Pick<StandingStatement, 'id' | 'witnesses' | 'witnessedSince'>;

/** One asset's item in a set attestation (policy.md §3). */
export interface AttestedItem {
  readonly digitalSourceType: string;
  readonly maker: 'living' | 'dead' | 'unknown';
  /** The item's date by a source outside the institution's control. */
  readonly itemDate: string;
  readonly sample: AttestedSample;
}

/** What the sample of a set attestation showed, the same for all its items. */
export interface AttestedSample {
  /** `defect`: it found one, the attestation gives nothing. `none`: no sample is complete. */
  readonly outcome: 'none' | 'clean' | 'defect';
  /** Items that were looked at without a defect. */
  readonly size: number;
  /** Those are all items. */
  readonly isWhole: boolean;
  /** Of its reviews, one for each set of organisations that have witnessed one. */
  readonly reviews: readonly SeenStatement[];
  /** Reviews that found a defect afterwards. */
  readonly defects: readonly SeenStatement[];
}
