import type { Cid } from '../cid.ts';
import type { Segment } from './content-store.ts';

/** Values a finding's facts may hold: codes, numbers, dates, digests; never free text from the bytes. */
export type FactValue =
  | string
  | number
  | boolean
  | null
  | readonly FactValue[]
  | { readonly [key: string]: FactValue };

/** What one inspector saw in the bytes. A fact about bytes, never an opinion about a person. */
export interface Finding {
  readonly inspector: string;
  /** Changes whenever the same bytes could give other facts. */
  readonly version: number;
  /**
   * `not-applicable` counts as run; `unreadable` does not, and its facts have a `reason`: `time`,
   * `memory`, `limit`, `crashed`, `failed`, `malformed`, `tool-missing`, `io`, `bytes-missing`,
   * `bytes-do-not-match`.
   */
  readonly outcome: 'found' | 'none' | 'not-applicable' | 'unreadable';
  readonly facts: { readonly [key: string]: FactValue };
  /**
   * Free text from the bytes that the facts rest on, bounded, with where it was found.
   * Kept in an erasable record beside the ledger, never in a statement.
   */
  readonly raw: readonly {
    readonly where: string;
    readonly text: string;
    readonly truncated: boolean;
  }[];
}

/** The stored bytes of one asset, for inspection in another thread. */
export interface InspectionRequest {
  readonly cid: Cid;
  readonly size: number;
  readonly segments: readonly Segment[];
  /** The last part of the deposited file's name (text form), for formats that have no magic bytes. */
  readonly filename: string;
}

export interface Inspectors {
  /** Name and version of each inspector, in the order of the findings. */
  readonly versions: readonly { readonly name: string; readonly version: number }[];

  /**
   * Returns one finding per inspector for each asset, in the order asked; of some inspectors only where
   * `inspectors` names them.
   *
   * Never rejects because of the bytes: what cannot be read, takes too long or needs too much
   * memory becomes a finding `unreadable`. Nothing is kept between calls, and nothing is durable.
   *
   * @throws {ArchiveError} `aborted` if the caller gave up or the inspectors were closed, `internal`
   * if no worker can be started.
   */
  inspect(
    requests: readonly InspectionRequest[],
    options?: { readonly signal?: AbortSignal; readonly inspectors?: readonly string[] },
  ): Promise<readonly (readonly Finding[])[]>;
}
