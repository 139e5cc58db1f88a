import type { Purpose, Requester } from './purposes.ts';
import type { OriginClass } from './source-types.ts';
import type { Relation, Taint } from './taint.ts';
import type { Withholding } from './withholding.ts';

/**
 * What `decide` looks at: the facts of one asset without anything that only names it.
 *
 * Statement ids, makers and organisations are small numbers in order of first use, times are there
 * only where a rule needs them. So assets that were deposited alike share one and the same input, and
 * are decided once.
 */

/** A statement, as its place in the list of ids that comes with an input. */
export type Ref = number;

export interface DecisionInput {
  /** Statements of a kind or version that this program does not know. */
  readonly unknown: readonly Ref[];
  readonly deposits: readonly DepositInput[];
  /** All deposits state the same size and the same digest. */
  readonly isConsistent: boolean;
  /** First parts of the media types that were stated, sorted. */
  readonly media: readonly string[];
  /** For each statement, the organisations that have witnessed it. */
  readonly witnesses: readonly (readonly number[])[];
  readonly inspections: readonly InspectionInput[];
  readonly copies: readonly CopyInput[];
  /** Statements by which a copy was found damaged, missing or not provable, and not restored since. */
  readonly losses: readonly Ref[];
  readonly stops: readonly StopInput[];
  readonly flags: readonly FlagInput[];
  readonly consents: readonly ConsentInput[];
  readonly reservations: readonly ReservationInput[];
  readonly origins: readonly OriginInput[];
  /** Evidence classes D, T, M and K that count. */
  readonly declarations: readonly Ref[];
  readonly certifications: readonly Ref[];
  /** Findings of class M that count; they never lift by themselves. */
  readonly metadata: readonly Ref[];
  readonly custodies: readonly CustodyInput[];
  /** Somebody who states custody says that the maker lives. */
  readonly isMakerLiving: boolean;
  readonly proofs: readonly ProofInput[];
  readonly reviews: readonly ReviewInput[];
  /** Reviews that contradict evidence, and stand. */
  readonly contradictions: readonly Ref[];
  /** Day by which another organisation had witnessed all the evidence; null if some is not, or none is known. */
  readonly witnessedDay: number | null;
  readonly derivations: readonly DerivationInput[];
  /** Findings of credentials that leave open what went into the work. */
  readonly untold: readonly Ref[];
  readonly registrations: readonly RegistrationInput[];
  /** Works that this one is said to be a rendition of. */
  readonly masters: readonly MasterInput[];
}

export interface DepositInput {
  readonly ref: Ref;
  readonly organisation: number;
  /** Each of these must allow the use, if licences are to allow it. */
  readonly licences: readonly LicenceInput[];
  /** Everybody who is named as a maker. */
  readonly makers: readonly number[];
  /** Descriptions that changed who is named. */
  readonly namedBy: readonly Ref[];
}

export interface LicenceInput {
  readonly ref: Ref;
  readonly licence: string | null;
}

export interface InspectionInput {
  readonly ref: Ref;
  readonly inspector: string;
  readonly isReadable: boolean;
}

export interface CopyInput {
  /** What proved it first, and last. */
  readonly refs: readonly Ref[];
  /** Day of the last proof. */
  readonly day: number;
}

/** Something that stops every use until it is ended. */
export interface StopInput {
  readonly kind: StopKind;
  readonly ref: Ref;
  /** Resolutions that ended it; empty while it is open. */
  readonly endedBy: readonly Ref[];
}

export type StopKind =
  | 'takedown'
  | 'removal'
  | 'erasure'
  | 'quarantine'
  | 'dispute'
  | 'hold'
  | 'sample-defect'
  | 'match'
  | 'detector';

export interface FlagInput {
  readonly ref: Ref;
  readonly flag: string;
  /** Empty: every purpose. */
  readonly purposes: readonly Purpose[];
  readonly endedBy: readonly Ref[];
  readonly clearings: readonly { readonly ref: Ref; readonly purposes: readonly Purpose[] }[];
}

export type Permission = 'allow' | 'deny' | { readonly condition: string };
export type Permissions = { readonly [P in Purpose]?: Permission };

export interface ConsentInput {
  readonly ref: Ref;
  readonly makers: readonly number[];
  /** The one it is made under, as a place in the list of consents; null where none is needed. */
  readonly under: number | null;
  /** False if the signer is not tied to the maker, or what it is made under is missing. */
  readonly isChained: boolean;
  readonly purposes: Permissions;
  readonly requesters: readonly Requester[];
  readonly isEverywhere: boolean;
  readonly from: string | null;
  readonly until: string | null;
  readonly conditions: readonly string[];
  readonly withdrawnBy: readonly Ref[];
  /** Consents that take its place, as places in the list of consents. */
  readonly replacedBy: readonly number[];
  /** Reservations that this consent takes the place of. */
  readonly lifts: readonly Ref[];
}

export interface ReservationInput {
  readonly ref: Ref;
  readonly protocol: string;
  readonly values: Permissions;
}

/** Something that says how the work came to be. */
export interface OriginInput {
  readonly ref: Ref;
  readonly from: 'bytes' | 'declaration' | 'custody' | 'attestation';
  readonly origin: OriginClass;
  /** Counts as evidence; what does not can only make the answer stricter. */
  readonly isCounted: boolean;
  /** The generator whose traces the bytes carry. */
  readonly generator: string | null;
}

export interface CustodyInput {
  readonly ref: Ref;
  readonly organisation: number;
  readonly isSelfVetted: boolean;
}

/** Evidence of class C (capture), P (process) or A (age). */
export interface ProofInput {
  readonly ref: Ref;
  readonly class: 'C' | 'P' | 'A';
  readonly organisation: number;
  readonly expires: string | null;
  /** For age: the day by which the bytes or the item existed. */
  readonly existedBy: string | null;
  /** How many items of its set were looked at, where it is shown by sample; null where it is not. */
  readonly sample: { readonly size: number; readonly isWhole: boolean } | null;
  /** Reviews that confirm it, or of the sample; without one it does not count. */
  readonly reviews: readonly Ref[];
}

/** A review by an accredited person who neither made, nor deposited, nor profits: class S. */
export interface ReviewInput {
  readonly ref: Ref;
  readonly reviewer: number;
  readonly organisation: number;
}

export interface DerivationInput {
  readonly ref: Ref;
  readonly relation: Relation;
  /** What is known of the work it was made from. */
  readonly parent: Taint;
}

/** A work of which this one is a rendition; it is decided as that is, where that is stricter. */
export interface MasterInput {
  readonly ref: Ref;
  /** Null where it is not deposited, or is itself a rendition. */
  readonly input: DecisionInput | null;
  /** Why it, or a work that it is a rendition of in its turn, is given to nobody. */
  readonly withheld: readonly Withholding[];
  /** Organisations that say so of the same recipe with the same parameters. */
  readonly organisations: readonly number[];
  /** One of them is a vetted institution. */
  readonly isByInstitution: boolean;
  /** Its place among the derivations. */
  readonly derivation: number;
}

/** The registry of generated works names this asset. */
export interface RegistrationInput {
  readonly ref: Ref;
  /** An accredited operator's own record, made before every deposit, and nobody contests it. */
  readonly isProof: boolean;
  readonly endedBy: readonly Ref[];
}
