import { CID } from 'multiformats/cid';
import { type Cid, parseCid } from '../core/cid.ts';
import { listDag } from '../core/dag/list-dag.ts';
import { isNow } from '../core/dataset/is-now.ts';
import { MAX_MANIFEST_BYTES } from '../core/dataset/manifest-file.ts';
import { type NewestWord, parseNewestWord } from '../core/dataset/newest-word.ts';
import { SEALS } from '../core/dataset/release-files.ts';
import { parseRevision, type RevisionEntry } from '../core/dataset/revision.ts';
import { ArchiveError } from '../core/errors.ts';
import { toHex } from '../core/hash.ts';
import { FileHasher } from '../core/unixfs/file-hasher.ts';
import type { HttpSource } from './http-source.ts';
import { naming } from './naming.ts';
import type { PullParts, SealedManifest } from './parts.ts';
import { readCar } from './read-car.ts';
import type { WantedRelease } from './release-name.ts';

/** What one node serves of a release now, after everything that it says of it was checked. */
export interface Offer extends SealedManifest {
  readonly source: HttpSource;
  readonly release: Cid;
  readonly word: NewestWord;
  /** `newest.json` and the withdrawal lists as they came, the first list first. */
  readonly files: { readonly word: Uint8Array; readonly lists: readonly Uint8Array[] };
  readonly withdrawn: ReadonlyMap<Cid, RevisionEntry>;
}

const MOST_WORD_BYTES = 1_048_576;
/** All lists together: a million assets. */
const MOST_LIST_BYTES = 268_435_456;
/** What a list says beside its entries, and of one asset at the most. */
const LIST_BYTES = 4_096;
const ENTRY_BYTES = 512;
const MOST_DIRECTORY_BYTES = 67_108_864;
const LISTS_AT_ONCE = 8;

/**
 * Asks a node what it serves of a release.
 *
 * @throws {ArchiveError} `release_invalid` or `peer_invalid` naming the node, where anything that it sends
 * contradicts itself, its signatures or what is wanted.
 */
export function readOffer(
  source: HttpSource,
  wanted: WantedRelease,
  parts: PullParts,
): Promise<Offer> {
  return naming(source, () => read(source, wanted, parts));
}

async function read(source: HttpSource, wanted: WantedRelease, parts: PullParts): Promise<Offer> {
  const { word, bytes } = await readWord(source, parts);
  const { release } = word;
  const sealed = await readSeals(release, source, parts);
  checkWanted({ release, ...sealed }, wanted, source);
  const lists = await readLists(word, sealed.manifest.counts.assets, source, parts);
  const withdrawn = new Map<Cid, RevisionEntry>();
  for (const { entries } of lists.map((list) => parseRevision(list, parts.verifySignature))) {
    for (const entry of entries) {
      if (entry.state === 'reinstated') withdrawn.delete(entry.asset);
      else withdrawn.set(entry.asset, entry);
    }
  }
  return { ...sealed, source, release, word, files: { word: bytes, lists }, withdrawn };
}

/** Asks a node which revision is the newest, by a question that nobody has asked before. @throws as {@link readOffer}. */
export async function readWord(
  source: HttpSource,
  { verifySignature, randomBytes, clock }: PullParts,
): Promise<{ readonly word: NewestWord; readonly bytes: Uint8Array }> {
  const nonce = toHex(randomBytes(16));
  const bytes = await source.read('newest.json', MOST_WORD_BYTES, `nonce=${nonce}`);
  const word = await naming(source, async () => parseNewestWord(bytes, verifySignature));
  if (word.nonce !== nonce) throw invalid(source, 'its newest.json answers another question');
  if (!isNow(word.at, clock())) {
    throw invalid(source, `its clock says ${word.at}, more than five minutes from the one here`);
  }
  return { word, bytes };
}

async function readSeals(
  release: Cid,
  source: HttpSource,
  parts: PullParts,
): Promise<SealedManifest> {
  const car = await source.read('proof/release.car', MOST_DIRECTORY_BYTES);
  const directory = readCar(car, parts.sha256);
  const blocks = {
    async get(cid: CID) {
      const bytes = directory.get(parseCid(cid.toString()));
      if (bytes === undefined) throw invalid(source, `it does not show the directory ${release}`);
      return bytes;
    },
  };
  const files = new Map<Cid, Uint8Array>();
  for (const name of Object.values(SEALS)) {
    const bytes = await source.read(name, MAX_MANIFEST_BYTES);
    const hasher = new FileHasher(parts.sha256);
    hasher.add(bytes);
    files.set(hasher.finish(), bytes);
  }
  return parts.readManifest(release, {
    async *list(root) {
      for await (const { name, cid } of listDag(blocks, CID.parse(root))) {
        yield { name, cid: parseCid(cid.toString()) };
      }
    },
    async *read(cid) {
      const bytes = files.get(cid);
      const what = 'its release.json, release.sig or release.tlog-proof is of another release';
      if (bytes === undefined) throw invalid(source, what);
      yield bytes;
    },
  });
}

function checkWanted(
  { release, manifest }: Pick<Offer, 'release' | 'manifest'>,
  wanted: WantedRelease,
  source: HttpSource,
): void {
  const { name, version } = manifest;
  const isWanted =
    'release' in wanted
      ? wanted.release === release
      : wanted.name.toLowerCase() === name.toLowerCase() && wanted.version === version;
  if (!isWanted) throw invalid(source, `it sends ${name}@${version}, which is ${release}`);
}

/**
 * Each list is vouched for by the one behind it, and the last one by the word. None has an asset twice, so
 * that no node fills the memory here with them.
 */
async function readLists(
  { release, revision, list }: NewestWord,
  assets: number,
  source: HttpSource,
  { verifySignature, sha256 }: PullParts,
): Promise<readonly Uint8Array[]> {
  const lists: Uint8Array[] = [];
  const most = Math.min(MOST_LIST_BYTES, LIST_BYTES + assets * ENTRY_BYTES);
  let left = MOST_LIST_BYTES;
  for (let first = 1; first <= revision; first += LISTS_AT_ONCE) {
    const count = Math.min(LISTS_AT_ONCE, revision - first + 1);
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const listOf = (number: number) => source.read(`withdrawn/${number}.json`, most);
    const page = await Promise.all(numbers.map(listOf));
    left -= page.reduce((sum, { length }) => sum + length, 0);
    if (left < 0) throw invalid(source, 'its withdrawal lists are longer than any release needs');
    lists.push(...page);
  }
  let digest: string | null = null;
  for (const [index, bytes] of lists.entries()) {
    const said = parseRevision(bytes, verifySignature);
    if (said.release !== release || said.revision !== index + 1 || said.previous !== digest) {
      throw invalid(source, `its withdrawn/${index + 1}.json does not follow the one before it`);
    }
    digest = toHex(sha256(bytes));
  }
  if (digest === list) return lists;
  throw invalid(source, `its withdrawal lists are not those of revision ${revision}, its newest`);
}

function invalid(source: HttpSource, what: string): ArchiveError {
  return new ArchiveError('peer_invalid', `${source.name} cannot be believed: ${what}`);
}
