import type { ErrorCode } from '../../core/errors.ts';
import type { Quarantined } from '../judging/screen-assets.ts';
import type { Match } from '../matching/hold-matches.ts';

export interface IngestRequest {
  readonly paths: readonly string[];
  readonly collection: string;
  /** Catalogue file and the mapping for its columns. Only files that have a row are deposited. */
  readonly catalogue?: { readonly path: string; readonly map?: string } | undefined;
  /** Deposits files without a row as well. */
  readonly all: boolean;
  readonly hidden: boolean;
  /** The PATHs are crawls: what was fetched in them is taken in, with what its sources reserve. */
  readonly warc?: boolean | undefined;
  /** States custody of this home's organisation over everything the run deposits or finds deposited. */
  readonly custody: boolean;
  /** Walks and matches, and writes nothing. */
  readonly dryRun: boolean;
  /** Counts first what is offered, so that progress can say how much is left. */
  readonly measured: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What an ingest tells while it runs; `done` comes last. */
export type IngestEvent =
  | {
      readonly event: 'progress';
      readonly files: number;
      readonly bytes: number;
      readonly expectedFiles: number | undefined;
      readonly expectedBytes: number | undefined;
    }
  | { readonly event: 'warning'; readonly text: string }
  /** What was deposited is like something registered as generated, and held. */
  | ({ readonly event: 'match' } & Match)
  /** What was deposited is given to nobody until somebody has looked. */
  | ({ readonly event: 'quarantined' } & Quarantined)
  /** A file that has no row. Only a dry run names them. */
  | { readonly event: 'uncatalogued'; readonly subject: string }
  | {
      readonly event: 'failed';
      readonly code: ErrorCode;
      /** Path within what was offered, or the catalogue line. */
      readonly subject: string;
      readonly text: string;
    }
  | {
      readonly event: 'done';
      /** Files met, uncatalogued and failed ones included. */
      readonly files: number;
      /** Files that names and rows allow to be taken in. */
      readonly accepted: number;
      /** Assets whose bytes were not here before. */
      readonly stored: number;
      /** Files whose asset was here already, or came earlier in the run. */
      readonly duplicates: number;
      readonly uncatalogued: number;
      readonly failed: number;
      /** Bytes of the files that were stored. */
      readonly bytes: number;
      /** Entries appended. */
      readonly entries: number;
      /** Deposit statements appended. */
      readonly deposits: number;
      /** Deposits whose row has changed since. */
      readonly described: number;
      /** Assets whose digital source type was declared, because their row says one not said before. */
      readonly declared: number;
      /** Assets whose custody was stated. */
      readonly custody: number;
      readonly seconds: number;
    };
