import { expect, it } from 'vitest';
import { takeIn } from '../../../src/archive/taking/take-in.ts';
import { openCatalog } from '../../../src/catalog/open-catalog.ts';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('refuses one file whose digest nobody could take, and no other', async () => {
  using folder = temporaryFolder();
  await using catalog = openCatalog({
    path: `${folder.path}/catalog.db`,
    ledger: new MemoryLedger(),
  });
  const fileOf = (name: string, codec: number, fill: number) => ({
    file: {
      kind: 'file' as const,
      path: Buffer.from(`/${name}`),
      relative: name,
      name,
      size: 2_000_000,
      modifiedMs: 0,
    },
    row: undefined,
    stored: {
      cid: cidFromDigest(codec, new Uint8Array(32).fill(fill)),
      size: 9,
      dagSize: 9,
      addedBytes: 9,
    },
  });
  const large = fileOf('large.mp4', CODEC.dagPb, 1);
  const small = fileOf('small.png', CODEC.raw, 2);
  const lost = {
    inspector: 'digests',
    version: 1,
    outcome: 'unreadable' as const,
    facts: { reason: 'time' },
    raw: [],
  };
  const fresh = new Map([
    [large.stored.cid, [lost]],
    [small.stored.cid, [lost]],
  ]);
  const { taken, refused } = takeIn({ files: [large, small], refused: [], fresh }, { catalog });
  expect(taken.map(({ file }) => file.relative)).toEqual(['small.png']);
  expect(refused).toMatchObject([
    { file: { relative: 'large.mp4' }, error: { code: 'file_unreadable', retryable: true } },
  ]);
});
