import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importTrust } from '../../../src/archive/governing/import-trust.ts';
import { examine } from '../../../src/archive/inspecting/examine.ts';
import { reinspect } from '../../../src/archive/inspecting/reinspect.ts';
import { ingest } from '../../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../../src/compose/open-archive.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { factsOf } from '../../../src/core/provenance/facts.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { openInspectors } from '../../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../../src/evidence/readers/tiff-tags.ts';
import { EVIDENCE_FILES, hasEvidenceFiles } from '../../evidence/support/public-files.ts';
import { ascii, tiff } from '../../evidence/support/tiff-bytes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe.skipIf(!hasEvidenceFiles)('stored assets (skipped without RINGFENCE_EVIDENCE)', () => {
  const temporary = temporaryFolder();
  const folder = join(temporary.path, 'files');
  let archive: OpenedArchive;
  let signed: Cid;

  beforeAll(async () => {
    await foundArchive(join(temporary.path, 'home'), { name: 'P', institution: 'P' });
    archive = await openArchive(join(temporary.path, 'home'));
    await mkdir(folder);
    const file = join(EVIDENCE_FILES, 'c2pa-signed-by-format/sample1.webp');
    await copyFile(file, join(folder, 'signed.webp'));
    // Its credential lies elsewhere: no list changes what is known of it.
    const remote = join(EVIDENCE_FILES, 'c2pa-remote-only/cloud.jpg');
    await copyFile(remote, join(folder, 'remote.jpg'));
    await writeFile(join(folder, 'scan.tif'), tiff('II', [ascii(TIFF_TAG.software, 'GIMP 2.10')]));
    await writeFile(join(folder, 'plain.txt'), 'a text without credentials');
    const request = {
      paths: [folder],
      collection: 'files',
      all: false,
      hidden: false,
      custody: false,
      dryRun: false,
      measured: false,
    };
    const events = await Array.fromAsync(ingest(request, archive));
    expect(events.at(-1)).toMatchObject({ event: 'done', files: 4, failed: 0 });
    const { assets } = archive.catalog.list({ media: 'image/webp' }, { limit: 10 });
    const [asset] = assets;
    if (asset === undefined) throw new Error('the file was not deposited');
    signed = asset.cid;
  });
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  const findings = () => factsOf(archive.catalog.facts(signed) ?? never(), 'finding').length;
  const credential = () =>
    archive.catalog.asset(signed)?.findings.find(({ inspector }) => inspector === 'credentials')
      ?.facts['credential'];

  async function again(request: Parameters<typeof reinspect>[0]) {
    const done = await reinspect(request, archive);
    await archive.catalog.catchUp();
    return done;
  }

  it('are left alone while nothing has changed', async () => {
    expect(credential()).toBe('valid');
    expect(await again({})).toEqual({ assets: 0, changed: 0, absent: 0, entries: 0 });
    const named = { assets: [signed], inspectors: ['credentials', 'format'] };
    expect(await again(named)).toEqual({ assets: 1, changed: 0, absent: 0, entries: 0 });
    expect(findings()).toBe(1);
  });

  it('are found otherwise once another trust list is in force, and recorded once', async () => {
    const name = 'c2pa-trust-anchors/test_cert_root_bundle.pem';
    const text = await readFile(join(EVIDENCE_FILES, name), 'utf8');
    const wish = { files: [{ name, text }], purpose: 'signers', reason: 'change' } as const;
    await importTrust(wish, archive);
    await archive.catalog.catchUp();
    expect(await again({})).toEqual({ assets: 1, changed: 1, absent: 0, entries: 1 });
    expect(credential()).toBe('trusted');
    expect(findings()).toBe(2);
    expect(await again({})).toMatchObject({ assets: 0, entries: 0 });
  });

  it('keep what was seen of them where a program is missing now', async () => {
    const [scan] = archive.catalog.list({ media: 'image/tiff' }, { limit: 1 }).assets;
    const path = process.env['PATH'];
    process.env['PATH'] = temporary.path;
    try {
      await using inspectors = openInspectors({ workers: 1 });
      const request = { assets: [scan?.cid ?? signed], inspectors: ['deep-metadata'] };
      const done = await reinspect(request, { ...archive, inspectors });
      expect(done).toEqual({ assets: 1, changed: 0, absent: 0, entries: 0 });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('are not asked about an inspector there is none of', async () => {
    await expect(again({ inspectors: ['horoscope'] })).rejects.toThrow(
      expect.objectContaining({ code: 'usage_invalid' }),
    );
  });

  it('are told of by doctor where an older version has seen them, until the newer one has', async () => {
    const outdated = async (raised: Readonly<Record<string, number>>) => {
      const versions = archive.inspectors.versions.map(({ name, version }) => ({
        name,
        version: version + (raised[name] ?? 0),
      }));
      const { findings } = await examine({
        ...archive,
        inspectors: { ...archive.inspectors, versions },
      });
      return findings.map(({ kind, subject, text }) => [
        kind,
        subject,
        /\d+ assets/.exec(text)?.[0],
      ]);
    };
    expect(await outdated({})).toEqual([]);
    expect(await outdated({ traces: 1, format: 2 })).toEqual([
      ['outdated', 'format', '4 assets'],
      ['outdated', 'traces', '4 assets'],
    ]);
    const { ledger } = archive;
    const now = archive.inspectors.versions.find(({ name }) => name === 'traces')?.version ?? 0;
    // Whoever has not upgraded says it again: that takes nothing back.
    for (const version of [now + 1, now]) {
      const seen = { inspector: 'traces', version, outcome: 'none' as const, facts: {} };
      const body = { findings: [seen], record: null };
      const said = createStatement('finding', { asset: signed }, '2026-11-29T00:00:00Z', body);
      await ledger.append({ statements: [said], records: [], documents: [] });
    }
    expect(await outdated({ traces: 1 })).toEqual([['outdated', 'traces', '3 assets']]);
    const versions = [{ name: 'colours', version: 1 }];
    const added = { ...archive, inspectors: { ...archive.inspectors, versions } };
    expect((await examine(added)).findings).toMatchObject([
      { kind: 'outdated', subject: 'colours', text: expect.stringContaining('nothing yet') },
    ]);
  });
});

function never(): never {
  throw new Error('nothing is said of the asset');
}
