import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alone, appendAll, type Saying } from '../../src/archive/append-all.ts';
import { ClaimSets } from '../../src/archive/claim-sets.ts';
import { collectionOf } from '../../src/archive/deposit-of.ts';
import { explain } from '../../src/archive/explain.ts';
import { recordsOf } from '../../src/archive/record-deposits.ts';
import { foundArchive } from '../../src/compose/found-archive.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const generator = join(
  resolve(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus'),
  'make-scale-corpus.py',
);
const isHere = existsSync(generator) && hasProgram('python3', '--version', /Python 3/);
const ROWS = 100_000;

describe.skipIf(!isHere)('100,000 catalogue rows (skipped without corpus and python3)', () => {
  it('are deposited, held in custody by one statement, searched and decided', async () => {
    using folder = temporaryFolder();
    execFileSync('python3', [generator, folder.path, String(ROWS), '--rows-only']);
    const home = join(folder.path, 'home');
    await foundArchive(home, { name: 'N', institution: 'N' });
    await using archive = await openArchive(home);
    const { ledger, catalog } = archive;
    const collection = collectionOf('load', archive);
    await using rows = await archive.intake.openCatalogueFile(join(folder.path, 'catalog.csv'), {
      paths: [folder.path],
    });
    const claims = new ClaimSets();
    let units: (readonly Saying[])[] = [];
    let some: Cid | undefined;
    for await (const row of rows.rows()) {
      if (row.kind !== 'row' || row.sha256 === null || row.bytes === null) {
        throw new Error(`a row of the generator is not read: ${JSON.stringify(row)}`);
      }
      // The files are smaller than a block, so their CIDs follow from their digests.
      const cid = cidFromDigest(CODEC.raw, Buffer.from(row.sha256, 'hex'));
      some = cid;
      const { bytes: size, sha256 } = row;
      const file = {
        kind: 'file',
        path: new Uint8Array(),
        name: row.path,
        relative: row.path,
        size,
        modifiedMs: 0,
      } as const;
      const stored = { cid, size, dagSize: size, addedBytes: 0 };
      const mediaType = row.mediaType ?? undefined;
      const taken = { file, row, stored, sha256, mediaType, findings: undefined };
      const records = recordsOf([taken], collection, 'catalog.csv', archive);
      units.push(records.flatMap(({ sayings }) => sayings));
      claims.addDeclaration(cid, row);
      claims.addCustody(cid, row);
      if (units.length >= 1000) {
        await appendAll(ledger, units);
        await catalog.catchUp();
        units = [];
      }
    }
    await appendAll(ledger, units);
    const before = ledger.size();
    const claimed = [...claims.sayings(archive)];
    expect(claimed.map(({ statement }) => statement.kind)).toEqual(['declaration', 'custody']);
    await appendAll(ledger, alone(claimed));
    expect(ledger.size()).toBe(before + 1);
    await catalog.catchUp();

    expect(await catalog.count({})).toBe(ROWS);
    const found = catalog.list({ text: 'quarry' }, { limit: 10 });
    expect(found.assets.length).toBe(10);
    const at = '2026-11-22T00:00:00Z';
    const question = {
      purpose: 'ai_generative_training',
      policy: 'corroborated',
      requester: 'anyone',
      at,
    } as const;
    const counts = catalog.counts({ is: 'eligible', ...question });
    expect(counts.eligible + counts.hold + counts.ineligible).toBe(ROWS);
    // Generated load data says so itself, custody or not.
    expect(counts.eligible).toBe(0);
    if (some === undefined) throw new Error('no row was read');
    const verdict = explain({ asset: some, ...question }, archive);
    const codes = verdict.gates.flatMap(({ rules }) => rules.flatMap(({ code }) => code ?? []));
    expect(codes).toContain('E_ALGORITHMIC');
  });
});
