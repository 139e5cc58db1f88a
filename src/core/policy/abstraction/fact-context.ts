import type { Cid } from '../../cid.ts';
import type { Sha256 } from '../../hash.ts';
import type { EntryHash, StatementId } from '../../statements/fields.ts';
import type { VettedInstitution } from '../documents.ts';
import type { KnownTaint } from '../taint.ts';

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
  /** Returns what a set attestation says of this asset, and what its sample showed. */
  attested?(attestation: StatementId): AttestedItem | undefined;
}

/** One asset's item in a set attestation (policy.md §3). */
export interface AttestedItem {
  readonly digitalSourceType: string;
  readonly maker: 'living' | 'dead' | 'unknown';
  /** The item's date by a source outside the institution's control. */
  readonly itemDate: string;
  /** `defect`: a sample found one, the attestation gives nothing. `none`: no sample is complete. */
  readonly sample: 'none' | 'clean' | 'defect';
}
