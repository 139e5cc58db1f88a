import type { Cid } from '../../core/cid.ts';
import { contentCodesOf } from '../../core/likeness/content-codes.ts';
import { type Distances, LIKENESS_LIMITS, type Likeness } from '../../core/likeness/likeness.ts';
import type { Inspectors } from '../../core/ports/inspector.ts';
import type { PassingFile } from '../../core/ports/passing-files.ts';
import type { Archive } from '../archive.ts';

/** An asset that is the file, or like it. */
export interface FoundAsset {
  readonly cid: Cid;
  /** `exact`: the same bytes. */
  readonly likeness: 'exact' | Likeness;
  /** In how many of 256 bits the codes differ; none for the same bytes. */
  readonly distances: Distances;
}

/** What the archive has that is like a file. */
export interface FoundAlike {
  readonly cid: Cid;
  readonly size: number;
  /** By what the file was compared beside its bytes; null if it cannot be compared by what it shows or says. */
  readonly compared: 'picture' | 'text' | 'audio' | null;
  /** The same bytes first, then the likest. */
  readonly found: readonly FoundAsset[];
}

/** More than anybody looks through. */
const MOST_FOUND = 100;

/**
 * Returns the assets that a file is, or is like, as far as whoever asks may read them. Records nothing.
 *
 * What may not be read costs a few microseconds for each asset that is alike, and shows in nothing else.
 *
 * @throws {ArchiveError} `aborted`, `internal`.
 */
export async function findAlike(
  file: Pick<PassingFile, 'cid' | 'size' | 'segments'> & { readonly filename: string },
  mayRead: (asset: Cid) => boolean,
  parts: Pick<Archive, 'catalog'> & { readonly inspectors: Pick<Inspectors, 'inspect'> },
  signal: AbortSignal,
): Promise<FoundAlike> {
  const { cid, size, segments, filename } = file;
  const [findings = []] = await parts.inspectors.inspect([{ cid, size, segments, filename }], {
    inspectors: ['fingerprints'],
    signal,
  });
  const codes = findings.flatMap(({ facts }) => contentCodesOf(facts, LIKENESS_LIMITS) ?? []);
  const alike: readonly FoundAsset[] = await parts.catalog.alike(cid, findings);
  const same = parts.catalog.has(cid) ? [{ cid, likeness: 'exact' as const, distances: {} }] : [];
  const found = [...same, ...alike].filter((one) => mayRead(one.cid)).slice(0, MOST_FOUND);
  return { cid, size, compared: codes[0]?.kind ?? null, found };
}
