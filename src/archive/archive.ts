import type { Did } from '../core/entries/did-key.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Sha256 } from '../core/hash.ts';
import type { AgeProofs } from '../core/ports/age-proofs.ts';
import type { Backups } from '../core/ports/backup.ts';
import type { Browsers } from '../core/ports/browsers.ts';
import type { Catalog } from '../core/ports/catalog.ts';
import type { ContentStore } from '../core/ports/content-store.ts';
import type { CopyHistory } from '../core/ports/copy-history.ts';
import type { Clock, RandomBytes } from '../core/ports/environment.ts';
import type { Exchanges } from '../core/ports/exchange.ts';
import type { Inspectors } from '../core/ports/inspector.ts';
import type { Intake } from '../core/ports/intake.ts';
import type { Signer, SignerOf, VerifySignature } from '../core/ports/keys.ts';
import type { KitFiles } from '../core/ports/kit-files.ts';
import type { KnownFeeds } from '../core/ports/known-feeds.ts';
import type { Ledger } from '../core/ports/ledger.ts';
import type { LedgerFeed } from '../core/ports/ledger-feed.ts';
import type { Complaint, ConnectedPeer, PeerAddress } from '../core/ports/network.ts';
import type { Objections } from '../core/ports/objections.ts';
import type { PassingFiles } from '../core/ports/passing-files.ts';
import type { Releases } from '../core/ports/release.ts';
import type { KeptPreviews, Previews, Renditions } from '../core/ports/rendering.ts';
import type { Replica } from '../core/ports/replica.ts';
import type { Revisions } from '../core/ports/revisions.ts';
import type { Screening } from '../core/ports/screening.ts';
import type { ServedDags } from '../core/ports/served-dags.ts';
import type { Settings } from '../core/ports/settings.ts';
import type { Webhooks } from '../core/ports/webhooks.ts';

/** Why a member's log was not taken. */
export interface LogTrouble {
  readonly peer: Did;
  readonly code: ErrorCode;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Whom a node keeps connected, as the settings say. */
export interface CalledPeer {
  readonly address: PeerAddress;
  /** Null where the address does not name the key that is to answer. */
  readonly peer: Did | null;
}

/** This home among others. Outside a running node nobody is connected. */
export interface Neighbours {
  /** Addresses by which others reach this home. */
  readonly addresses: readonly PeerAddress[];
  /** The network key of a ring-fenced archive. */
  readonly networkKey: Uint8Array | undefined;
  connected(): readonly ConnectedPeer[];
  /** The addresses in the home's settings that a node keeps connected. */
  called(): readonly CalledPeer[];
  /** Has connected members confirm this home's newest checkpoint; resolves when each was asked. */
  confirm(): Promise<void>;
  /**
   * Changes the addresses in the home's settings that the node is to keep connected. Durable when the
   * promise resolves; a running node goes by it at once.
   *
   * @throws {ArchiveError} `usage_invalid` for an address that is none, or too many of them.
   */
  changeCalled(change: (called: readonly PeerAddress[]) => readonly PeerAddress[]): Promise<void>;
  complaints(): readonly Complaint[];
  /** What keeps members' logs from being taken, since each was taken last. */
  troubles(): readonly LogTrouble[];
}

/** Everything the use cases work on. Each takes the parts it uses, by name. */
export interface Archive {
  readonly content: ContentStore;
  /** What is given to whoever asks and is no part of the archive. */
  readonly served: ServedDags;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly inspectors: Inspectors;
  readonly ageProofs: AgeProofs;
  readonly kitFiles: KitFiles;
  readonly intake: Intake;
  readonly previews: Previews;
  readonly keptPreviews: KeptPreviews;
  readonly renditions: Renditions;
  readonly screening: Screening;
  readonly objections: Objections;
  readonly passingFiles: PassingFiles;
  readonly releases: Releases;
  readonly revisions: Revisions;
  readonly backups: Backups;
  readonly exchanges: Exchanges;
  readonly webhooks: Webhooks;
  readonly browsers: Browsers;
  readonly settings: Settings;
  /** The arrival log of this home. */
  readonly feed: LedgerFeed;
  /** What the running node does about bytes; undefined where none runs. */
  readonly replica?: Replica | undefined;
  /** What is remembered of the arrival logs of others. */
  readonly feeds: KnownFeeds;
  /** What is remembered of how others stood. */
  readonly copyHistory: CopyHistory;
  /** The archive's own folders, home and packs, which are never taken in. */
  readonly ownFolders: readonly string[];
  /** Where large things are put for a moment. */
  readonly scratchFolder: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
  /** The key of this home. */
  readonly signer: Signer;
  readonly signerOf: SignerOf;
  readonly neighbours: Neighbours;
  readonly verifySignature: VerifySignature;
}
