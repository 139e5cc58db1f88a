import type { Archive, Neighbours } from '../archive/archive.ts';
import { openCatalog } from '../catalog/open-catalog.ts';
import { ServedCars } from '../content/cars/served-cars.ts';
import { openContentStore } from '../content/open-content-store.ts';
import { openPassingFiles } from '../content/taking/open-passing-files.ts';
import { fromHex } from '../core/hash.ts';
import type { HotShards } from '../core/ports/hot-shards.ts';
import type { RevisionTables } from '../core/ports/revision-tables.ts';
import type { Settings } from '../core/ports/settings.ts';
import { ageProofs } from '../evidence/age-proofs/age-proofs.ts';
import { kitFiles } from '../evidence/kits/kit-files.ts';
import { openInspectors } from '../evidence/open-inspectors.ts';
import { keptPreviews } from '../evidence/rendering/kept-previews.ts';
import { previews } from '../evidence/rendering/previews.ts';
import { renditions } from '../evidence/rendering/renditions.ts';
import { intake } from '../intake/intake.ts';
import { createScreening } from '../intake/screening/create-screening.ts';
import { openHomeKey } from '../ledger/keys/home-key.ts';
import { signerOf } from '../ledger/keys/signer-of.ts';
import { verifySignature } from '../ledger/keys/verify-signature.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { sha256 } from '../ledger/sha256.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { createReleases } from '../release/create-releases.ts';
import { HotShardFiles } from '../release/hot/hot-shard-files.ts';
import { openRevisionTables } from '../release/revisions/open-revision-tables.ts';
import { feedExchanges } from '../replica/exchange/feed-exchanges.ts';
import { recordReaders } from '../replica/feed/record-readers.ts';
import { acquireOwnerLock } from '../sqlite/owner-lock.ts';
import { homeBackups } from './backups/home-backups.ts';
import { BrowserFile } from './files/browser-file.ts';
import { CopyHistoryFile } from './files/copy-history-file.ts';
import { ObjectionFiles } from './files/objection-files.ts';
import { RevisionFiles } from './files/revision-files.ts';
import { WebhookFile } from './files/webhook-file.ts';
import { type OpenedHome, openHome, readSettings } from './home.ts';
import { changePeers } from './partnering/change-peers.ts';
import { refuseInHome } from './refuse-in-home.ts';
import type { GivenSettings } from './settings/effective-settings.ts';
import { limitsOf } from './settings/likeness-settings.ts';
import { screeningOf } from './settings/screening-settings.ts';
import { type Environs, systemEnvirons } from './system.ts';

/** What `verify` needs: the two truths, without the catalog. */
export interface OpenedStores
  extends Pick<
      Archive,
      | 'content'
      | 'served'
      | 'feed'
      | 'feeds'
      | 'backups'
      | 'sha256'
      | 'neighbours'
      | 'inspectors'
      | 'settings'
    >,
    AsyncDisposable {
  readonly paths: OpenedHome;
  readonly ledger: SqliteLedger;
}

export interface OpenedArchive extends Archive, OpenedStores {
  readonly ledger: SqliteLedger;
  readonly revisionTables: RevisionTables;
  readonly hotShards: HotShards;
}

export interface OpenOptions {
  readonly environs?: Environs;
  /** Told what happened that the user should know, such as a catalog that was rebuilt. */
  readonly onNotice?: (text: string) => void;
  /** What overrules the settings of the home. */
  readonly given?: GivenSettings;
  /** Leaves the catalog as it was left, for whoever makes it anew. */
  readonly isCatalogStale?: boolean;
}

/**
 * Opens packs and ledger of a home, and owns it until disposed.
 *
 * @throws {ArchiveError} `home_missing`, `home_locked`, `home_newer`, `home_corrupt`,
 * `filesystem_unsuitable`, `format_unknown`.
 */
export async function openStores(home: string, options: OpenOptions = {}): Promise<OpenedStores> {
  const environs = options.environs ?? systemEnvirons;
  const given = options.given ?? {};
  const paths = await openHome(home, given);
  await using opened = new AsyncDisposableStack();
  opened.use(acquireOwnerLock(home));
  const ledger = opened.use(
    await openLedger({ path: paths.ledger, keyPath: paths.key, ...environs }),
  );
  const content = opened.use(
    await openContentStore({
      indexPath: paths.contentIndex,
      packDirectories: paths.packs,
      blockSources: [(cid) => ledger.block(cid)],
    }),
  );
  for (const { text } of content.damage) options.onNotice?.(text);
  const served = opened.use(await ServedCars.open(paths.served));
  const inspectors = opened.use(openInspectors({ trust: () => ledger.credentialList() }));
  const backups = homeBackups({ paths, ledger, content, clock: environs.clock });
  const { feed, feeds } = ledger;
  const settings = { read: async () => (await readSettings(home, given)).list };
  const neighbours = alone(paths, settings);
  const open = opened.move();
  return {
    paths,
    ledger,
    feed,
    feeds,
    content,
    served,
    backups,
    sha256,
    settings,
    neighbours,
    inspectors,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/**
 * Opens the whole archive of a home, with its catalog caught up unless asked otherwise, and owns it
 * until disposed.
 *
 * @throws {ArchiveError} as {@link openStores}.
 */
export async function openArchive(home: string, options: OpenOptions = {}): Promise<OpenedArchive> {
  const environs = options.environs ?? systemEnvirons;
  await using opened = new AsyncDisposableStack();
  const stores = opened.use(await openStores(home, options));
  const { paths, ledger, feed, feeds, content } = stores;
  const catalog = opened.use(
    openCatalog({
      path: paths.catalog,
      ledger,
      likeness: limitsOf(paths.likeness),
      ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
    }),
  );
  if (options.isCatalogStale !== true) await catalog.catchUp();
  const webhooks = opened.use(new WebhookFile(paths.webhooks));
  const objections = new ObjectionFiles(paths.objections);
  const passingFiles = await openPassingFiles(paths.passing);
  const revisionTables = openRevisionTables(paths.revisionTables, { content, scratch: home });
  const releases = createReleases({ content, scratch: home, verifySignature, revisionTables });
  const hotShards = opened.use(
    await HotShardFiles.open(paths.hotShards, content, {
      maxBytes: paths.releases.hotBytes,
      now: () => performance.now(),
      onFailure: ({ message }) => options.onNotice?.(`a shard is not kept as a file: ${message}`),
    }),
  );
  const revisions = new RevisionFiles(paths.withdrawn);
  const exchanges = feedExchanges({
    ledger,
    feed,
    feeds,
    verify: verifySignature,
    sha256,
    mayHave: recordReaders(ledger, catalog),
  });
  const screening = createScreening(screeningOf(paths.screening, paths.home));
  const browsers = new BrowserFile(paths.browsers, environs);
  const signer = await openHomeKey(paths.key);
  // Until here whatever fails closes what was opened, and lets go of the home.
  const open = opened.move();
  return {
    ...stores,
    catalog,
    copyHistory: new CopyHistoryFile(paths.copyHistory),
    ageProofs,
    kitFiles,
    intake,
    previews,
    keptPreviews: keptPreviews(paths.previews),
    renditions,
    screening,
    objections,
    passingFiles,
    releases: {
      ...releases,
      async export(release, folder, watching) {
        await refuseInHome(folder);
        return await releases.export(release, folder, watching);
      },
    },
    revisions,
    revisionTables,
    hotShards,
    exchanges,
    webhooks,
    browsers,
    ownFolders: [paths.home, ...paths.packs],
    scratchFolder: paths.home,
    ...environs,
    verifySignature,
    signer,
    signerOf,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** What is known of the others where no node runs. */
function alone(paths: OpenedHome, settings: Settings): Neighbours {
  const { announce, key, peers } = paths.network;
  return {
    addresses: announce,
    networkKey: key === null ? undefined : fromHex(key),
    connected: () => [],
    called: () => peers.map((address) => ({ address, peer: null })),
    complaints: () => [],
    troubles: () => [],
    confirm: async () => {},
    changeCalled: async (change) => void (await changePeers({ paths, settings }, change)),
  };
}
