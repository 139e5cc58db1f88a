import type { Cid } from '../../../src/core/cid.ts';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import { toHex } from '../../../src/core/hash.ts';
import type { Ledger } from '../../../src/core/ports/ledger.ts';
import type { Block } from '../../../src/core/statements/block.ts';
import { commitName, encodeRecord } from '../../../src/core/statements/record.ts';
import { createStatement, type StatementOutline } from '../../../src/core/statements/statement.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';

/** Assets that are made up by number, the same on every run. */

export const AT = '2026-11-22T12:00:00Z';
export const COLLECTION = toHex(digest('collection')).slice(0, 32);
const LICENCES = ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'LicenseRef-unknown'];
const MEDIA = ['image/png', 'image/jpeg', 'image/svg+xml', 'text/plain'];

/** What is told of an asset beside words. */
export interface ToldFile {
  readonly asset: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly mediaType: string;
  readonly licence: string | null;
  readonly isGenerated: boolean;
}

/** Returns what an ingest says of these assets: two statements and a record each. */
export function deposits(
  start: number,
  end: number,
  fileOf: (i: number) => ToldFile = madeUp,
  collection = COLLECTION,
) {
  const statements: StatementOutline[] = [];
  const records: Block[] = [];
  for (let i = start; i < end; i += 1) {
    const { asset, size, sha256: sum, mediaType, licence, isGenerated } = fileOf(i);
    const maker = { name: makerOf(i), salt: digest(`salt ${i % 1000}`).slice(0, 16) };
    const record = encodeRecord(
      {
        type: 'deposit',
        title: `Untitled ${wordOf(i)} drawing of ${wordOf(i * 31)}`,
        filename: `drawings/${wordOf(i)}/${i}.png`,
        makers: [maker],
        dateText: 'about 1890',
        earliest: '1885-01-01',
        latest: '1895-12-31',
        source: 'Estate of the maker',
        notes: `Pencil on paper, ${i % 90} by 30 cm, ${wordOf(i * 17)} ${wordOf(i * 13)}`,
        tags: ['drawing', wordOf(i * 7)],
        language: 'en',
        catalogue: 'catalogue.csv',
      },
      digest(`nonce ${i}`).slice(0, 16),
      sha256,
    );
    records.push(record);
    const traces = isGenerated ? { proves: 'generated', generator: 'example' } : {};
    statements.push(
      createStatement('finding', { asset }, AT, {
        findings: [
          { inspector: 'digests', version: 1, outcome: 'found', facts: { sha256: sum } },
          { inspector: 'format', version: 1, outcome: 'found', facts: { mediaType, size } },
          { inspector: 'source-type', version: 1, outcome: 'none', facts: {} },
          {
            inspector: 'traces',
            version: 1,
            outcome: isGenerated ? 'found' : 'none',
            facts: traces,
          },
        ],
        record: null,
      }),
      createStatement('deposit', { asset }, AT, {
        size,
        sha256: sum,
        mediaType,
        licence,
        source: 'npm:bench@1.0.0',
        collection,
        work: null,
        part: null,
        item: itemOf(i),
        makers: [commitName(maker.name, maker.salt, sha256)],
        record: record.cid,
      }),
    );
  }
  return { statements, records, documents: [] };
}

/** A file that is nowhere. */
function madeUp(i: number): ToldFile {
  return {
    asset: assetOf(i),
    size: i,
    sha256: toHex(digest(`sum ${i}`)),
    mediaType: MEDIA[i % MEDIA.length] ?? '',
    licence: LICENCES[i % LICENCES.length] ?? null,
    isGenerated: i % 100 === 99,
  };
}

export function custodyOf(set: Cid, ledger: Ledger): StatementOutline {
  return createStatement('custody', { set }, AT, {
    institution: ledger.self.organisation,
    accession: AT.slice(0, 10),
    source: null,
    chain: [],
    digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation',
    maker: 'living',
    makerDied: null,
    record: null,
  });
}

export function disputeOf(asset: Cid): StatementOutline {
  const body = { reason: 'bench', by: 'member', against: [], record: null } as const;
  return createStatement('dispute', { asset }, AT, { ...body, against: [] });
}

/** The name of whoever made an asset. */
export function makerOf(i: number): string {
  return `Maker ${i % 1000}`;
}

export function assetOf(i: number): Cid {
  return cidFromDigest(CODEC.raw, digest(`asset ${i}`));
}

export function itemOf(i: number): string {
  return toHex(digest(`item ${i}`)).slice(0, 32);
}

/** One of 5,000 made-up words. */
export function wordOf(i: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ru', 'te', 'so', 'va', 'ne', 'pi', 'du'];
  return [...String((i % 5000) + 10_000)].map((digit) => syllables[Number(digit)]).join('');
}

export function digest(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}

export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
