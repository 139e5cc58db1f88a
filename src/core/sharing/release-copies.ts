import type { Cid } from '../cid.ts';
import { releaseTree } from '../dataset/release-tree.ts';
import type { Did } from '../entries/did-key.ts';
import { type Member, seesEntries } from '../entries/standing.ts';
import { DEFAULT_PURPOSE } from '../policy/purposes.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ReleaseView } from '../ports/release-candidates.ts';
import type { WantedAsset, WantedFeed } from '../ports/replica-wants.ts';
import { MAX_SET } from '../statements/set.ts';
import type { SentTree } from '../unixfs/file-dag.ts';
import { isFor } from './caller.ts';
import type { ReplicaPolicy } from './replica-policy.ts';

/** A release as nodes copy it. */
interface ReleaseCopy extends WantedAsset {
  readonly tree: SentTree;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'memberOf'>;
  readonly catalog: Pick<Catalog, 'access' | 'releases' | 'releasesWith'>;
}

/** What a release takes beside its assets, at the most: a block between two of them, and its rows. */
const BYTES_PER_ASSET = 4_096;
const BYTES_BESIDE = 4_194_304;

/**
 * Which releases nodes copy from each other, without their assets: those go their own way. So each of them can
 * serve a release, and withdraws from it by what it hears itself.
 */
export class ReleaseCopies {
  readonly #parts: Parts;
  /** By CID, of the list that was read last. */
  #known:
    | { readonly list: readonly ReleaseView[]; readonly byCid: Map<Cid, ReleaseView> }
    | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Says whether a member may have a release: one that was cut for everybody, or for its organisation. */
  mayHave(peer: Did, root: Cid): boolean {
    const release = this.#releaseOf(root);
    const member = this.#parts.ledger.memberOf(peer);
    return release !== undefined && member !== undefined && mayKeep(release, member);
  }

  /** Returns what of a release travels; undefined for what is none, or an asset as well. */
  treeOf(root: Cid): SentTree | undefined {
    const { catalog } = this.#parts;
    if (this.#releaseOf(root) === undefined) return undefined;
    // What is stated of a block that nobody has deposited counts for nothing.
    return releaseTree(
      root,
      (cid) => catalog.releasesWith(cid).includes(root) && catalog.access(cid) !== undefined,
    );
  }

  /** Returns a release as it travels; undefined for what is none, or an asset as well. */
  copyOf(root: Cid): ReleaseCopy | undefined {
    const release = this.#releaseOf(root);
    const tree = release && this.treeOf(root);
    return release && tree && { ...sized(release), tree };
  }

  /** Returns a feed that tells releases behind each end of another's assets. */
  after(feed: WantedFeed, own: Member, policies: readonly ReplicaPolicy[]): WantedFeed {
    const told = new Set<Cid>();
    const wanted = (): readonly WantedAsset[] =>
      this.#parts.catalog
        .releases()
        .filter((one) => {
          const isNew = !told.has(one.release);
          return isNew && policies.every((policy) => covers(policy, one)) && mayKeep(one, own);
        })
        .map((one) => {
          told.add(one.release);
          return sized(one);
        });
    return {
      next(limit) {
        const page = feed.next(limit);
        return page.isEnd ? { isEnd: true, assets: [...page.assets, ...wanted()] } : page;
      },
    };
  }

  #releaseOf(root: Cid): ReleaseView | undefined {
    const { catalog } = this.#parts;
    const list = catalog.releases();
    if (this.#known?.list !== list) {
      this.#known = { list, byCid: new Map(list.map((one) => [one.release, one])) };
    }
    const release = this.#known.byCid.get(root);
    return release === undefined || catalog.access(root) !== undefined ? undefined : release;
  }
}

function sized({ release, assets }: ReleaseView): WantedAsset {
  return { cid: release, size: assets * BYTES_PER_ASSET + BYTES_BESIDE };
}

/** One that is stated in parts is not known whole from the beginning. */
function mayKeep({ requester, assets }: ReleaseView, member: Member): boolean {
  return seesEntries(member) && isFor(requester, member) && assets <= MAX_SET;
}

/** Says whether a replica policy covers all assets of a release. */
function covers({ kind }: ReplicaPolicy, { purpose }: ReleaseView): boolean {
  return kind === 'all' || (kind === 'eligible' && purpose === DEFAULT_PURPOSE);
}
