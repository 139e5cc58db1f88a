import type { Cid } from '../core/cid.ts';
import { checksums } from '../core/dataset/checksums.ts';
import { contentRootOf } from '../core/dataset/content-root.ts';
import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import { MAX_MANIFEST_BYTES, parseManifest } from '../core/dataset/manifest-file.ts';
import { MAX_SIGNATURE_BYTES, manifestSigner } from '../core/dataset/manifest-signature.ts';
import { RELEASE_FILES, SEALS } from '../core/dataset/release-files.ts';
import { checkStateProof, MAX_PROOF_BYTES } from '../core/dataset/state-proof.ts';
import { ArchiveError } from '../core/errors.ts';
import { toHex } from '../core/hash.ts';
import type { VerifySignature } from '../core/ports/keys.ts';
import { digest } from './digest.ts';
import type { ReleaseContent } from './release-content.ts';

/** Most names that a directory is read to. */
const MOST_NAMES = 200_000;

/** A file of a release as its directory links to it and its manifest describes it. */
export interface ReleaseFile {
  readonly name: string;
  readonly cid: Cid;
  readonly size: number;
  readonly sha256: string;
}

/** A release whose manifest, signature and proof agree with each other and with its directory. */
export interface ReadRelease {
  readonly manifest: ReleaseManifest;
  /** Proof, signature and, last, the manifest, with their bytes. */
  readonly seals: readonly (Omit<ReleaseFile, 'cid'> & { readonly bytes: Uint8Array })[];
}

/** Returns what a release says of itself; see `Releases.manifest`. */
export async function readManifest(
  release: Cid,
  content: Pick<ReleaseContent, 'list' | 'read'>,
  verifySignature: VerifySignature,
): Promise<ReadRelease> {
  const links = await linksOf(release, content);
  const seal = async (name: string, limit: number) => {
    const cid = links.get(name);
    if (cid === undefined) throw invalid(release, `it holds no ${name}; is it a release?`);
    const bytes = await readSmall(name, cid, limit, content);
    return { name, bytes, size: bytes.length, sha256: toHex(digest(bytes)) };
  };
  const own = await seal(SEALS.manifest, MAX_MANIFEST_BYTES);
  const manifest = parseManifest(own.bytes);
  checkLinks(release, manifest, links);
  const signature = await seal(SEALS.signature, MAX_SIGNATURE_BYTES);
  const signer = manifestSigner(own.bytes, textOf(signature.bytes), verifySignature);
  if (signer !== manifest.curator.did) {
    throw invalid(release, `${signer} has signed it, and not its curator ${manifest.curator.did}`);
  }
  const proof = await seal(SEALS.proof, MAX_PROOF_BYTES);
  checkStateProof(textOf(proof.bytes), manifest, { verifySignature, sha256: digest });
  return { manifest, seals: [proof, signature, own] };
}

function checkLinks(
  release: Cid,
  manifest: ReleaseManifest,
  links: ReadonlyMap<string, Cid>,
): void {
  const files = filesOf(manifest);
  for (const { name, cid } of files) {
    if (links.get(name) !== cid) {
      throw invalid(release, `its directory does not hold ${name} as release.json names it`);
    }
  }
  if (links.size !== files.length + Object.keys(SEALS).length) {
    throw invalid(release, 'its directory holds files that release.json does not name');
  }
  const sums = files.filter(({ name }) => name !== RELEASE_FILES.checksums);
  const expected = toHex(digest(Buffer.from(checksums(sums))));
  if (manifest.files[RELEASE_FILES.checksums]?.sha256 !== expected) {
    throw invalid(release, 'its SHA256SUMS does not list the digests of release.json');
  }
  if (manifest.contentRoot !== contentRootOf(manifest, digest)) {
    throw invalid(release, 'its contentRoot is not that of its shards and tables');
  }
}

async function linksOf(
  release: Cid,
  content: Pick<ReleaseContent, 'list'>,
): Promise<ReadonlyMap<string, Cid>> {
  const links = new Map<string, Cid>();
  try {
    for await (const { name, cid } of content.list(release)) {
      if (links.has(name) || links.size === MOST_NAMES) {
        throw invalid(release, `its directory repeats ${JSON.stringify(name)}, or is too long`);
      }
      links.set(name, cid);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
    throw new ArchiveError(
      'input_invalid',
      `${release} is no release but something else; "release list" shows the releases`,
      { cause: error },
    );
  }
  return links;
}

/** Returns every file that a manifest names: the shards, then the others. */
export function filesOf({ shards, files }: ReleaseManifest): readonly ReleaseFile[] {
  return [...shards, ...Object.entries(files).map(([name, file]) => ({ name, ...file }))];
}

async function readSmall(
  name: string,
  cid: Cid,
  limit: number,
  content: Pick<ReleaseContent, 'read'>,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content.read(cid, { length: limit + 1 })) {
    parts.push(Uint8Array.from(chunk));
    size += chunk.length;
  }
  if (size > limit) {
    throw new ArchiveError('release_invalid', `${name} is larger than ${limit} bytes`);
  }
  return Buffer.concat(parts);
}

/** Bytes that are no UTF-8 turn into what no signature and no proof is. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function invalid(release: Cid, what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${release} is not a release: ${what}`);
}
