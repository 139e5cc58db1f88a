import type { Catalogue, Row, RowProblem } from './catalogue.ts';
import type { Offered } from './offered.ts';

/** A file that can be deposited, with what its row says where it has one. */
export interface Matched extends Offered {
  /** Its place in the collection. */
  readonly place: string;
  readonly row: Row | undefined;
}

/** Files and rows, each with its other half or without. */
export interface Match {
  readonly described: readonly Matched[];
  readonly bare: readonly Matched[];
  readonly withoutFile: readonly Row[];
  /** Rows that are wrong, and files that are not what their rows say. */
  readonly wrong: readonly RowProblem[];
}

const MOST_SAMPLES = 64;

/**
 * Finds the row of each file, as `ingest` does: the one with its path, else one whose path is equal in
 * Unicode NFC and is no other file's.
 */
export function matchRows(files: readonly Offered[], catalogue: Catalogue | undefined): Match {
  if (catalogue === undefined) {
    const bare = files.map((offered) => ({ ...offered, place: offered.path, row: undefined }));
    return { described: [], bare, withoutFile: [], wrong: [] };
  }
  const others = files.filter(({ path }) => path !== catalogue.path);
  const root = rootOf(catalogue, others);
  const form = root.normalize();
  const below = (path: string, top: string) => (path.startsWith(top) ? path.slice(top.length) : '');
  const named = new Set(files.map(({ path }) => path));
  const isWrong = new Set(catalogue.problems.map(({ path }) => path && root + path));
  const found = new Set<Row>();
  const described: Matched[] = [];
  const bare: Matched[] = [];
  const wrong: RowProblem[] = [...catalogue.problems];
  for (const offered of others) {
    const near = catalogue.byForm.get(below(offered.path.normalize(), form));
    const row =
      catalogue.byPath.get(below(offered.path, root)) ??
      (near && !named.has(root + near.path) ? near : undefined);
    if (row === undefined) {
      if (!isWrong.has(offered.path)) bare.push({ ...offered, place: offered.path, row });
      continue;
    }
    found.add(row);
    const size = row.words['bytes'];
    if (size === undefined || Number(size) === offered.file.size) {
      described.push({ ...offered, place: row.path, row });
    } else {
      const text = `line ${row.line}: ${row.path} has ${offered.file.size} bytes, its row says ${size}; correct the row or bring the right file`;
      wrong.push({
        ...{ kind: 'problem', code: 'row_invalid', line: row.line, column: 'bytes' },
        ...{ path: row.path, text },
      });
    }
  }
  const withoutFile = catalogue.rows.filter((row) => !found.has(row));
  return { described, bare, withoutFile, wrong };
}

/**
 * Returns where the paths of a catalogue start, with `/` behind it: in its own folder, one that was
 * offered, or above all, wherever most of some rows have their file.
 */
function rootOf({ path, rows }: Catalogue, files: readonly Offered[]): string {
  const named = new Set(files.map((file) => file.path.normalize()));
  const own = path.slice(0, path.lastIndexOf('/') + 1);
  const tops = new Set(files.map((file) => file.path.slice(0, file.path.indexOf('/') + 1)));
  const step = Math.max(1, Math.floor(rows.length / MOST_SAMPLES));
  const samples = rows.filter((_, number) => number % step === 0);
  let best = { root: own, hits: 0 };
  for (const root of new Set([own, ...tops, ''])) {
    const hits = samples.filter((row) => named.has((root + row.path).normalize())).length;
    if (hits > best.hits) best = { root, hits };
  }
  return best.root;
}
