import { lstat } from 'node:fs/promises';
import { type BytePath, joinPath, type OfferedPath, toBytes } from '../files/offered-paths.ts';
import { bytesOfName } from '../files/text-of-name.ts';

const MOST_CANDIDATES = 64;

/** Where the paths of a catalogue start, and how many of the rows looked at have a file there. */
interface FoundRoot {
  readonly root: BytePath;
  readonly hits: number;
}

/**
 * Finds the folder that a catalogue's paths start from: of the catalogue's own folder, the folders that
 * are offered, and the folders these lie in, the one in which most of the sample paths have a file; the
 * earlier one where two have as many. So a catalogue may lie beside its files, above them or elsewhere.
 */
export async function findRoot(
  ownFolder: BytePath,
  offered: readonly OfferedPath[],
  samples: readonly string[],
): Promise<FoundRoot> {
  const folders = offered.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  const candidates = new Set([ownFolder, ...folders, ...offered.map(({ path }) => parentOf(path))]);
  let best: FoundRoot = { root: ownFolder, hits: 0 };
  for (const root of [...candidates].slice(0, MOST_CANDIDATES)) {
    const hits = await countHits(root, samples);
    if (hits > best.hits) best = { root, hits };
    if (hits === samples.length) break;
  }
  return best;
}

async function countHits(root: BytePath, samples: readonly string[]): Promise<number> {
  const exist = await Promise.all(
    samples.map(async (sample) => {
      try {
        await lstat(toBytes(joinPath(root, bytesOfName(sample).toString('latin1'))));
        return true;
      } catch {
        return false;
      }
    }),
  );
  return exist.filter((there) => there).length;
}

function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
