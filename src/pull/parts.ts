import type { Dispatcher } from 'undici';
import type { Cid } from '../core/cid.ts';
import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import type { Sha256 } from '../core/hash.ts';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';
import type { VerifySignature } from '../core/ports/keys.ts';
import type { WithheldShard } from '../core/ports/release.ts';

/** What a release directory is read from. */
export interface ReleaseSeals {
  list(directory: Cid): AsyncIterable<{ readonly name: string; readonly cid: Cid }>;
  read(cid: Cid): AsyncIterable<Uint8Array>;
}

/** A release's own word of itself, with the files that vouch for it. */
export interface SealedManifest {
  readonly manifest: ReleaseManifest;
  /** `release.json` comes last. */
  readonly seals: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Blocks in memory, by which a shard is composed again. */
export interface ShardBlocks {
  getBlock(cid: Cid): Promise<Uint8Array>;
  putBlock(cid: Cid, bytes: Uint8Array): Promise<void>;
}

/** What a pull needs besides files and a line: how releases are read and composed, time and chance. */
export interface PullParts {
  readonly dispatcher: Dispatcher;
  /** Checks a release as a node that has it does. @throws {ArchiveError} `release_invalid`. */
  readManifest(release: Cid, seals: ReleaseSeals): Promise<SealedManifest>;
  /** Composes a shard without some of its samples. @throws {ArchiveError} `release_invalid`, `block_missing`. */
  withhold(
    shard: { readonly cid: Cid; readonly size: number; readonly samples: number },
    withheld: ReadonlySet<Cid>,
    blocks: ShardBlocks,
  ): Promise<WithheldShard>;
  readonly verifySignature: VerifySignature;
  readonly sha256: Sha256;
  readonly clock: Clock;
  /** The time, as statements have it. */
  now(): string;
  readonly randomBytes: RandomBytes;
  /** Waits; ends early, by throwing, when the signal does. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
}
