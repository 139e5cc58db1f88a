import { type Cid, CODEC, codecOf, digestOf } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { StoredFile } from '../../core/ports/content-store.ts';
import type { Finding, InspectionRequest } from '../../core/ports/inspector.ts';
import type { CatalogueRow, FileOffer } from '../../core/ports/intake.ts';
import type { Archive } from '../archive.ts';
import { destroyAsset } from '../removing/destroy-asset.ts';

/** One file that is to be taken in, with its catalogue row where there is one. */
export interface Offer {
  readonly file: FileOffer;
  readonly row: CatalogueRow | undefined;
}

/** A file whose bytes are durable and match what its row says of them. */
export interface TakenIn extends Offer {
  readonly stored: StoredFile;
  /** sha-256 of the bytes as they lie in the store. */
  readonly sha256: string;
  /** What the bytes are, as far as an inspector can tell; undefined where none knows. */
  readonly mediaType: string | undefined;
  /** Fresh findings; undefined for an asset that has been inspected before. */
  readonly findings: readonly Finding[] | undefined;
}

export interface Refused {
  readonly file: FileOffer;
  readonly error: ArchiveError;
}

type Parts = Pick<Archive, 'content' | 'inspectors' | 'catalog'>;

/** Files whose bytes have been put and not yet inspected. */
export interface StoredGroup {
  readonly files: readonly (Offer & { readonly stored: StoredFile })[];
  readonly refused: readonly Refused[];
}

/**
 * Stores the bytes of a group of files. When the promise resolves they are on disk.
 *
 * A file that cannot be read, changes meanwhile, contradicts its row or was removed is refused, and the others
 * go on.
 *
 * @throws {ArchiveError} `disk_full`, `aborted` and damage of the store: these concern the whole run.
 */
export async function storeGroup(
  offers: readonly Offer[],
  { content, catalog }: Pick<Parts, 'content' | 'catalog'>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<StoredGroup> {
  const files: (Offer & { readonly stored: StoredFile })[] = [];
  const refused: Refused[] = [];
  const attempt = (offer: Offer, work: () => void) => {
    try {
      work();
    } catch (error) {
      refused.push({ file: offer.file, error: refusalOf(error) });
    }
  };
  const removed: Cid[] = [];
  const fitting: Offer[] = [];
  for (const offer of offers) {
    attempt(offer, () => {
      checkSize(offer, offer.file.size);
      fitting.push(offer);
    });
  }
  const paths = fitting.map(({ file }) => file.path);
  const results = content.putFiles(
    paths,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  let place = 0;
  for await (const stored of results) {
    const offer = fitting[place];
    place += 1;
    if (offer === undefined) break;
    attempt(offer, () => {
      if (stored instanceof ArchiveError) throw stored;
      checkSize(offer, stored.size);
      if (codecOf(stored.cid) === CODEC.raw) checkDigest(offer, toHex(digestOf(stored.cid)));
      if (catalog.access(stored.cid)?.status === 'removed') {
        if (stored.addedBytes > 0) removed.push(stored.cid);
        throw removedBefore(offer, stored.cid);
      }
      files.push({ ...offer, stored });
    });
  }
  await content.sync(files.map((file) => file.stored.cid));
  // Only when the others are roots is it known what they share with it.
  if (removed.length > 0) await content.recordParts();
  for (const cid of removed) await destroyAsset(cid, (root) => root === cid, content);
  return { files, refused };
}

function removedBefore({ file }: Offer, cid: Cid): ArchiveError {
  const text = `${file.relative} is ${cid}, which was removed from this archive; see "remove list"`;
  return new ArchiveError('content_removed', text);
}

/** A group with what the inspectors saw in those of its assets that had not been inspected. */
export interface InspectedGroup extends StoredGroup {
  readonly fresh: ReadonlyMap<Cid, readonly Finding[]>;
}

/** Inspects what a group has brought in, leaving out what `isKnown` says has been inspected. */
export async function inspectGroup(
  group: StoredGroup,
  isKnown: (asset: Cid) => boolean,
  { content, inspectors }: Pick<Parts, 'content' | 'inspectors'>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<InspectedGroup> {
  const requests = new Map<Cid, InspectionRequest>();
  for (const { file, stored } of group.files) {
    const { cid, size } = stored;
    if (requests.has(cid) || isKnown(cid)) continue;
    const segments = await content.locate(cid);
    requests.set(cid, { cid, size, segments, filename: file.name });
  }
  const answers = await inspectors.inspect(
    [...requests.values()],
    options.signal === undefined ? {} : { signal: options.signal },
  );
  const fresh = new Map([...requests.keys()].map((cid, i) => [cid, answers[i] ?? []]));
  return { ...group, fresh };
}

/**
 * Returns each file of a group with its digest and fresh findings. What was known when the group was
 * inspected must be in the catalog by now.
 */
export function takeIn(
  group: InspectedGroup,
  { catalog }: Pick<Parts, 'catalog'>,
): { readonly taken: readonly TakenIn[]; readonly refused: readonly Refused[] } {
  const taken: TakenIn[] = [];
  const refused = [...group.refused];
  const seen = new Set<Cid>();
  for (const file of group.files) {
    const { cid } = file.stored;
    const findings = group.fresh.get(cid);
    try {
      const sha256 = digestFrom(cid, findings) ?? catalog.asset(cid)?.sha256;
      if (sha256 === undefined) {
        throw undigested(file, findings);
      }
      checkDigest(file, sha256);
      const mediaType = mediaTypeFrom(findings) ?? catalog.asset(cid)?.mediaType;
      taken.push({ ...file, sha256, mediaType, findings: seen.has(cid) ? undefined : findings });
      seen.add(cid);
    } catch (error) {
      refused.push({ file: file.file, error: refusalOf(error) });
    }
  }
  return { taken, refused };
}

function digestFrom(cid: Cid, findings: readonly Finding[] | undefined): string | undefined {
  if (codecOf(cid) === CODEC.raw) return toHex(digestOf(cid));
  const digest = findings?.find((finding) => finding.inspector === 'digests')?.facts['sha256'];
  return typeof digest === 'string' ? digest : undefined;
}

function undigested({ file }: Offer, findings: readonly Finding[] | undefined): ArchiveError {
  const reason = findings?.find(({ inspector }) => inspector === 'digests')?.facts['reason'];
  return new ArchiveError(
    'file_unreadable',
    `${file.relative} is stored, and could not be read back for its sha-256 (${String(reason)}); offer it again`,
    { retryable: true },
  );
}

function mediaTypeFrom(findings: readonly Finding[] | undefined): string | undefined {
  const found = findings?.find((finding) => finding.inspector === 'format')?.facts['mediaType'];
  return typeof found === 'string' ? found : undefined;
}

function checkSize({ file, row }: Offer, size: number): void {
  if (row?.bytes === undefined || row.bytes === null || row.bytes === size) return;
  throw new ArchiveError(
    'digest_mismatch',
    `${file.relative} has ${size} bytes, its catalogue row (line ${row.line}) says ${row.bytes}; ` +
      'correct the row or bring the right file',
  );
}

function checkDigest({ file, row }: Offer, sha256: string): void {
  if (row?.sha256 === undefined || row.sha256 === null || row.sha256 === sha256) return;
  throw new ArchiveError(
    'digest_mismatch',
    `${file.relative} has sha-256 ${sha256}, its catalogue row (line ${row.line}) says ${row.sha256}; ` +
      'correct the row or bring the right file',
  );
}

/** Codes that concern one file only; everything else ends the run. */
const OF_ONE_FILE: ReadonlySet<string> = new Set([
  'file_unreadable',
  'file_changed',
  'digest_mismatch',
  'content_removed',
]);

function refusalOf(error: unknown): ArchiveError {
  if (error instanceof ArchiveError && OF_ONE_FILE.has(error.code)) return error;
  throw error;
}
