import type { Cid } from '../core/cid.ts';
import type { NamedCredentialList } from '../core/policy/credential-list.ts';
import type { Finding } from '../core/ports/inspector.ts';

/** Bytes that can be read at any place. Both whole assets and blocks inside them are read this way. */
export interface RandomAccess {
  readonly size: number;
  /**
   * Returns up to `length` bytes from `offset`; fewer, or none, only at the end.
   * What it returns is valid until the inspector ends and must not be changed.
   *
   * @throws {Unreadable} `limit` if `length` is above the limit for one read; `bytes-missing`, `io`.
   */
  read(offset: number, length: number): Uint8Array;
}

/** The bytes of one asset as an inspector sees them. */
export interface ByteSource extends RandomAccess {
  readonly cid: Cid;
  /** The last part of the deposited file's name. */
  readonly filename: string;
  /** The first 64 KiB, or everything if the asset is smaller. */
  readonly head: Uint8Array;
  /** Fills `target` from `offset` and returns how many bytes there were. For reading everything. */
  readInto(offset: number, target: Uint8Array): number;
}

/** What an inspector says about one asset: a finding without the inspector's own name. */
export type Inspection = Omit<Finding, 'inspector' | 'version' | 'outcome'> & {
  readonly outcome: Finding['outcome'];
};

/** What an inspector may know besides the bytes. */
export interface InspectionContext {
  /** The trust list for credentials in force; undefined where the archive has none. */
  readonly trust: NamedCredentialList | undefined;
}

/**
 * One way of looking at bytes: one file, one function.
 *
 * It runs in a worker thread, sees one asset at a time, keeps nothing between assets, and must give
 * the same answer for the same bytes, file name and context everywhere. It may throw: the finding is
 * then `unreadable`.
 */
export interface Inspector {
  readonly name: string;
  /** Raised whenever the same bytes could give other facts. */
  readonly version: number;
  /** It reads the asset from end to end, so its time limit grows with the size. */
  readonly readsAll: boolean;
  /** Facts of a finding `unreadable` beside its reason, where readers of the facts rely on them. */
  readonly whenUnreadable?: Finding['facts'];
  inspect(source: ByteSource, context: InspectionContext): Inspection | Promise<Inspection>;
  /** Whether it holds what only the end of its thread sets free. Asked after each asset. */
  isSpent?(): boolean;
}

/** What is said of an inspector without loading it. */
export type InspectorIdentity = Pick<Inspector, 'name' | 'version' | 'readsAll' | 'whenUnreadable'>;

/**
 * Why there is no answer about some bytes.
 *
 * - `time`, `memory`: the limits per asset; `limit`: a limit inside an inspector (size, count, depth).
 * - `crashed`: the worker died otherwise. `failed`: the inspector threw something unforeseen.
 * - `malformed`: the container ends early or contradicts itself, so not all of it could be looked at.
 * - `tool-missing`: a program that would be needed is not installed here.
 * - `io`: the operating system could not read; `bytes-missing`: the segments hold too few bytes;
 *   `bytes-do-not-match`: the bytes are not those that the CID names.
 */
export type UnreadableReason =
  | 'time'
  | 'memory'
  | 'limit'
  | 'crashed'
  | 'failed'
  | 'malformed'
  | 'tool-missing'
  | 'io'
  | 'bytes-missing'
  | 'bytes-do-not-match';

/** Thrown by readers and inspectors: the bytes cannot be judged. It becomes a finding, never a failure. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}

export const NOT_APPLICABLE: Inspection = { outcome: 'not-applicable', facts: {}, raw: [] };
