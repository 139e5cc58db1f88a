import type { Cid } from '../cid.ts';
import type { Did } from '../entries/did-key.ts';
import type { ErrorCode } from '../errors.ts';
import type { FilePart } from '../unixfs/file-dag.ts';

/** Why a node did not deliver an asset. */
export type Shortfall =
  | 'not-held'
  | 'not-allowed'
  | 'damaged'
  /** It sent something else. */
  | 'corrupt'
  /** The file is none, whoever sends it. */
  | 'invalid';

/** Why a pass ended before everything was asked for. */
export type Halt = 'disk-full' | 'budget' | 'schedule' | 'stopped';

/** What one pass over everything that is wanted has come to. */
export interface ReplicationReport {
  /** Assets that are here now and were not before, or are whole again. */
  readonly fetched: number;
  /** Bytes that peers sent. */
  readonly receivedBytes: number;
  /** Assets that are wanted and that nobody who was asked delivers. */
  readonly unmet: number;
  /** How often which peer gave which reason, over the assets that are unmet. */
  readonly reasons: readonly {
    readonly peer: Did;
    readonly because: Shortfall;
    readonly assets: number;
  }[];
  /** Peers whose stream failed, and how. */
  readonly failures: readonly {
    readonly peer: Did;
    readonly code: ErrorCode;
    readonly text: string;
  }[];
  readonly halted: Halt | null;
}

/** An asset with blocks that are damaged here. */
export interface DamagedAsset {
  readonly root: Cid;
  readonly size: number;
  /** In the order of its DAG. */
  readonly damaged: readonly FilePart[];
}

/** What a running node does about bytes. A home that no node runs for has none. */
export interface Replica {
  /** Fetches what is wanted and not here; a pass that is under way is waited for. */
  replicate(options?: { readonly signal?: AbortSignal }): Promise<ReplicationReport>;

  /** Tries to get damaged blocks from connected members; resolves when each was asked. */
  repair(damaged: readonly DamagedAsset[]): Promise<void>;

  /** The last pass that ended, and when; undefined before. */
  readonly lastPass: { readonly at: string; readonly report: ReplicationReport } | undefined;

  /** Members connected now, and when each was heard of last since the node was started. */
  contacts(): readonly {
    readonly did: Did;
    readonly connected: boolean;
    readonly lastContact: string;
  }[];
}
