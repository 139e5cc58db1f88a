import type { Cid } from '../cid.ts';
import type { Level } from '../policy/documents.ts';
import type { Purpose, Requester } from '../policy/purposes.ts';
import type { EntryHash, StatementId } from '../statements/fields.ts';
import type { AssetFilter } from './asset-lists.ts';

/** What narrows a selection for a release. What an asset does not tell, it is not selected by. */
export interface SelectionFilter extends Omit<AssetFilter, 'verdict'> {
  /** Of the asset's bytes, both included. */
  readonly bytes?: { readonly least: number; readonly most: number };
  /** The least level of evidence. */
  readonly level?: Level;
  /** Language tag of the description, `en` for `en-GB` too. */
  readonly language?: string;
  /** All of the time in which it may have been made lies in these years, both included. */
  readonly years?: { readonly from: number; readonly to: number };
  /** All of them, whatever their letter case. */
  readonly tags?: readonly string[];
}

/** The first rule that keeps an asset from being eligible, and the code of its reason. */
export interface FailedRule {
  readonly rule: string;
  readonly code: string;
}

/** A maker as deposits name one. */
export interface ReleaseMaker {
  /** The salted commitment that stands in the ledger. */
  readonly id: string;
  /** Empty where the record with the name is erased. */
  readonly name: string;
}

/** An asset that a release may take, with what its shard and sidecar need. */
export interface ReleaseCandidate {
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  readonly title: string;
  readonly makers: readonly ReleaseMaker[];
  readonly licence: string;
  readonly source: string;
  /** The work that it is a part of, as lists name it: no other organisation can say that it is. */
  readonly work: string | null;
  /** Which work it was made from by a fixed recipe, if it was. */
  readonly rendition: { readonly of: Cid; readonly recipe: string } | null;
  /** Its first deposit, and when that was made. */
  readonly deposit: StatementId;
  readonly deposited: string;
  /** Of a picture in pixels, as stored; 0 where no inspector could tell. */
  readonly width: number;
  readonly height: number;
  /** When it was made: as a catalogue has it, and the days that this can mean; empty where nothing is said. */
  readonly made: { readonly text: string; readonly earliest: string; readonly latest: string };
  /** Standing consents that allow the purpose that is asked for, on a condition or without. */
  readonly consents: readonly StatementId[];
  /** Records that title, names and source come from. */
  readonly records: readonly Cid[];
  readonly level: Level;
  /** The level rests on the word of an institution that no other organisation vetted. */
  readonly selfVetted: boolean;
  readonly validUntil: string | null;
}

/** A release that the ledger records. */
export interface ReleaseView {
  readonly release: Cid;
  readonly policy: Cid;
  readonly purpose: Purpose;
  readonly requester: Requester;
  /** Hash of the entry that names the state it was decided at. */
  readonly state: EntryHash;
  readonly at: string;
  readonly assets: number;
  readonly bytes: number;
}

/** An asset that a release holds and no release could take now. */
export interface LapsedMember {
  readonly asset: Cid;
  /** Code of the first rule that fails (policy.md §6). */
  readonly reason: string;
  /** A removal stands: its bytes are to be destroyed. */
  readonly isRemoved: boolean;
}
