import { randomBytes } from 'node:crypto';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { Append } from '../../../src/core/ports/ledger.ts';
import { encodeRecord } from '../../../src/core/statements/record.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';

const AT = '2026-11-22T12:00:00Z';
const COLLECTION = hex(16);

export function fresh(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

function hex(length: number): string {
  return randomBytes(length).toString('hex');
}

/** Returns an append of so many deposits, each with its record. */
export function appendOf(count: number): Append {
  const records = Array.from({ length: count }, () =>
    encodeRecord(
      {
        type: 'deposit',
        title: `Untitled drawing ${hex(4)}`,
        filename: `drawings/${hex(8)}.png`,
        makers: [{ name: `Maker ${hex(3)}`, salt: fresh(16) }],
        dateText: 'about 1890',
        earliest: '1885-01-01',
        latest: '1895-12-31',
        source: 'Estate of the maker',
        notes: 'Pencil on paper, 21 by 30 cm',
        tags: ['drawing', 'pencil'],
        language: 'en',
        catalogue: 'catalogue.csv',
      },
      fresh(16),
      sha256,
    ),
  );
  const statements = records.map(({ cid }) =>
    createStatement('deposit', { asset: cidFromDigest(CODEC.raw, fresh(32)) }, AT, {
      size: 20_000,
      sha256: hex(32),
      mediaType: 'image/png',
      licence: 'CC-BY-SA-4.0',
      source: 'npm:bench@1.0.0',
      collection: COLLECTION,
      work: null,
      part: null,
      item: hex(16),
      makers: [hex(32)],
      record: cid,
    }),
  );
  return { statements, records, documents: [] };
}

/** Returns the same as plain values, as somebody would give them to OrbitDB. */
export function plainRecords(count: number): readonly unknown[] {
  return appendOf(count).statements.map(({ kind, about, at, body }, i) => ({
    kind,
    about: about !== null && 'asset' in about ? about.asset : null,
    at,
    body,
    title: `Untitled drawing ${i}`,
  }));
}
