import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addAssetEvidence,
  addProcessKit,
  listAssetEvidence,
} from '../../src/archive/operations/substantiate.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import { toBase64 } from '../../src/core/base64.ts';
import { BITCOIN, BITCOIN_HEADER, COINBASE, ots, PENDING } from '../support/ots-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const telling = { signal: new AbortController().signal } as never;
let archive: OpenedArchive;
let asset: string;

beforeAll(async () => {
  await foundArchive(join(folder.path, 'home'), { name: 'Prints', institution: 'Museum' });
  archive = await openArchive(join(folder.path, 'home'));
  const files = join(folder.path, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'a.bin'), COINBASE);
  const events = ingest(
    {
      ...{ paths: [files], collection: 'c', all: true, custody: false },
      ...{ hidden: false, dryRun: false, measured: false },
    },
    archive,
  );
  for await (const event of events) if (event.event === 'failed') throw new Error(event.text);
  asset = archive.catalog.list({}, { limit: 1 }).assets[0]?.cid ?? '';
});

afterAll(async () => {
  await archive[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const add = (proof: Parameters<typeof addAssetEvidence.run>[1]['proof']) =>
  addAssetEvidence.run(archive, { asset, proof }, telling);
const list = () => listAssetEvidence.run(archive, { asset }, telling);
const header = toBase64(BITCOIN_HEADER);

it('refuses a proof that does not hold, and records nothing', async () => {
  for (const tree of [['08', PENDING], [BITCOIN]]) {
    const proof = toBase64(ots(COINBASE, ...tree));
    await expect(add({ kind: 'opentimestamps', proof, header })).rejects.toMatchObject({
      code: 'proof_invalid',
    });
  }
  expect(await list()).toEqual([]);
});

it('asks for roots where no trust list is in force', async () => {
  const token = toBase64(COINBASE);
  await expect(add({ kind: 'rfc3161', token })).rejects.toMatchObject({ code: 'usage_invalid' });
});

it('records a proof that holds, for a reviewer to confirm', async () => {
  const proof = toBase64(ots(COINBASE, '08', BITCOIN));
  const { id } = await add({ kind: 'opentimestamps', proof, header });
  expect(await list()).toMatchObject([
    {
      ...{ id, class: 'age', method: 'opentimestamps', outcome: 'shown' },
      ...{ existedBy: '2009-01-03', reviews: [] },
    },
  ]);
});

it('seals a kit by its digests, and shows nothing by a thin one', async () => {
  const kit = join(folder.path, 'kit');
  mkdirSync(kit);
  writeFileSync(join(kit, 'sketch.psd'), '8BPS\0\x01');
  const seal = () => addProcessKit.run(archive, { asset, folder: kit }, telling);
  expect(await seal()).toMatchObject({ outcome: 'not-shown', days: 1, forms: { layered: 1 } });
  writeFileSync(join(kit, 'later.kra'), `PK\x03\x04${'\0'.repeat(26)}mimetypeapplication/x-krita`);
  utimesSync(join(kit, 'sketch.psd'), 86_400, 86_400);
  const shown = await seal();
  expect(shown).toMatchObject({ outcome: 'shown', days: 2, forms: { layered: 2 } });
  expect(shown.digests).toHaveLength(2);
  expect((await list()).map(({ outcome }) => outcome).sort()).toEqual([
    ...['not-shown', 'shown', 'shown'],
  ]);
});
