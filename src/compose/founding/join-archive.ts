import { openContentStore } from '../../content/open-content-store.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { Network, PeerAddress } from '../../core/ports/network.ts';
import { type Invitation, parseInvitation } from '../../core/sharing/invitation.ts';
import { foundReplica } from '../../ledger/founding/found-replica.ts';
import { openOrCreateKey, readHomeSeed } from '../../ledger/keys/home-key.ts';
import { signerOf } from '../../ledger/keys/signer-of.ts';
import { verifySignature } from '../../ledger/keys/verify-signature.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { sha256 } from '../../ledger/sha256.ts';
import { openNetwork } from '../../network/open-network.ts';
import { type Admitted, applyForAdmission } from '../../replica/admission/apply-for-admission.ts';
import { type SyncProgress, syncWith } from '../../replica/feed/sync-with.ts';
import { acquireOwnerLock } from '../../sqlite/owner-lock.ts';
import { createHome, exists, type HomePaths, homePaths, openHome } from '../home.ts';
import { type Environs, systemEnvirons } from '../system.ts';
import { makeHomeFolder } from './make-home-folder.ts';

export interface JoinOptions {
  /** Asks this node, whoever it is, instead of those that the invitation names. */
  readonly via?: PeerAddress;
  /** What the newcomer wants to be called; goes into a record, where it can be erased. */
  readonly name?: string;
  readonly packs?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface JoinedArchive {
  readonly name: string;
  readonly home: string;
  readonly address: string;
  readonly did: string;
  readonly organisation: string;
  readonly entries: number;
}

/**
 * Joins an archive with an invitation: makes a home with a key of its own, is admitted, and takes the
 * ledger, checking everything again; a witness takes nothing. Bytes come later, when the node runs.
 *
 * After a kill at any step it can be run again with the same invitation.
 *
 * @throws {ArchiveError} `invitation_invalid`, `home_exists` if another archive is there already,
 * `peer_unreachable` if nobody who may admit answers, and as `applyForAdmission` and `syncWith`.
 */
export async function joinArchive(
  home: string,
  text: string,
  options: JoinOptions = {},
  environs: Environs = systemEnvirons,
): Promise<JoinedArchive> {
  const invitation = parseInvitation(text, sha256);
  const calls = callsOf(invitation, options.via);
  await makeHomeFolder(home);
  using _owner = acquireOwnerLock(home);
  const paths = await prepareHome(home, invitation, calls, options.packs ?? ['packs']);
  const { did } = await openOrCreateKey(paths.key);
  await refuseOther(paths, invitation, environs);
  await using network = await openNetwork({
    did,
    seed: await readHomeSeed(paths.key),
    listen: [],
    ...(invitation.networkKey === undefined ? {} : { networkKey: invitation.networkKey }),
    admits: () => 'guest',
    clock: environs.clock,
  });
  const { peer, papers, seesEntries } = await beAdmitted(invitation, calls, network, options);
  await foundReplica({ path: paths.ledger, archive: papers, randomBytes: environs.randomBytes });
  // Makes the folders of the packs and marks them as this home's.
  await using _content = await openContentStore({
    indexPath: paths.contentIndex,
    packDirectories: paths.packs,
  });
  await using ledger = await openLedger({ path: paths.ledger, keyPath: paths.key, ...environs });
  const { feed, feeds } = ledger;
  const { signal, onProgress } = options;
  if (seesEntries) {
    await syncWith(
      peer,
      { network, feed, feeds, verify: verifySignature, sha256 },
      {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
        withRecords: true,
      },
    );
  }
  const { organisation } = ledger.self;
  const { name } = ledger.charter;
  return { name, home, address: ledger.address, did, organisation, entries: ledger.size() };
}

/** The addresses to call, one after another. */
function callsOf({ inviters }: Invitation, via: PeerAddress | undefined): readonly PeerAddress[] {
  const calls = via === undefined ? inviters.flatMap(({ addresses }) => addresses) : [via];
  if (calls.length > 0) return calls;
  throw new ArchiveError(
    'usage_invalid',
    'the invitation names no address; say where a node of the archive listens with --via',
  );
}

async function prepareHome(
  home: string,
  { networkKey }: Invitation,
  peers: readonly PeerAddress[],
  packs: readonly string[],
): Promise<HomePaths> {
  if (await exists(homePaths(home, packs).settings)) return await openHome(home);
  const key = networkKey === undefined ? null : toHex(networkKey);
  return await createHome(home, packs, { network: { peers: [...peers], key } });
}

async function refuseOther(
  { ledger: path, key: keyPath, home }: HomePaths,
  { archive }: Invitation,
  environs: Environs,
): Promise<void> {
  if (!(await exists(path))) return;
  await using ledger = await openLedger({ path, keyPath, ...environs });
  if (ledger.address === archive) return;
  const text = `${home} holds ${ledger.charter.name}, ${ledger.address}; join with another --home`;
  throw new ArchiveError('home_exists', text);
}

async function beAdmitted(
  invitation: Invitation,
  calls: readonly PeerAddress[],
  network: Network,
  { name, signal }: JoinOptions,
): Promise<Admitted & { readonly peer: Did }> {
  const failures: ArchiveError[] = [];
  const named = name === undefined ? {} : { name };
  const stopping = signal === undefined ? {} : { signal };
  for (const address of calls) {
    try {
      const peer = await network.dial(address, stopping);
      const parts = { network, signerOf, sha256 };
      const admitted = await applyForAdmission(peer, invitation, parts, { ...named, ...stopping });
      return { ...admitted, peer };
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code === 'aborted') throw error;
      failures.push(error);
    }
  }
  // What a node says of the invitation tells more than that another could not be reached.
  throw failures.find(({ code }) => code === 'invitation_invalid') ?? failures[0];
}
