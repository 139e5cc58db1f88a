import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { appendAll, type Saying } from '../../src/archive/append-all.ts';
import type { Archive } from '../../src/archive/archive.ts';
import { collectionOf } from '../../src/archive/taking/deposit-of.ts';
import { recordsOf } from '../../src/archive/taking/record-deposits.ts';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import type { Finding } from '../../src/core/ports/inspector.ts';
import type { CatalogueRow } from '../../src/core/ports/intake.ts';
import { hasProgram } from './has-program.ts';

const generator = join(
  resolve(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus'),
  'make-scale-corpus.py',
);

/** Whether rows of a catalogue can be made up here, by the corpus's program. */
export const canMakeRows = existsSync(generator) && hasProgram('python3', '--version', /Python 3/);

/** Writes a catalogue of made-up drawings into a folder, without the drawings, and returns its path. */
export function makeRows(folder: string, count: number): string {
  execFileSync('python3', [generator, folder, String(count), '--rows-only']);
  return join(folder, 'catalog.csv');
}

/** Deposits what a made-up catalogue lists, and yields each row when it is on its way. */
export async function* depositRows(
  catalogue: string,
  archive: Archive,
  findings: readonly Finding[] | undefined,
): AsyncGenerator<{ readonly cid: Cid; readonly row: CatalogueRow }> {
  const { ledger, catalog, intake } = archive;
  const collection = collectionOf('load', archive);
  await using rows = await intake.openCatalogueFile(catalogue, { paths: [join(catalogue, '..')] });
  let units: (readonly Saying[])[] = [];
  for await (const row of rows.rows()) {
    if (row.kind !== 'row' || row.sha256 === null || row.bytes === null) {
      throw new Error(`a row of the generator is not read: ${JSON.stringify(row)}`);
    }
    // The files are smaller than a block, so their CIDs follow from their digests.
    const cid = cidFromDigest(CODEC.raw, Buffer.from(row.sha256, 'hex'));
    const { bytes: size, sha256, path } = row;
    const name = { path: new Uint8Array(), name: path, relative: path };
    const file = { kind: 'file', ...name, size, modifiedMs: 0 } as const;
    const stored = { cid, size, dagSize: size, addedBytes: 0 };
    const mediaType = row.mediaType ?? undefined;
    const taken = { file, row, stored, sha256, mediaType, findings };
    const records = recordsOf([taken], collection, 'catalog.csv', archive);
    units.push(records.flatMap(({ sayings }) => sayings));
    yield { cid, row };
    if (units.length < 1000) continue;
    await appendAll(ledger, units);
    await catalog.catchUp();
    units = [];
  }
  await appendAll(ledger, units);
  await catalog.catchUp();
}
