import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findingSaying } from '../../../src/archive/inspecting/finding-of.ts';
import { reservationSayings } from '../../../src/archive/inspecting/reservations-of.ts';
import type { Finding } from '../../../src/core/ports/inspector.ts';
import { decodeRecord } from '../../../src/core/statements/record.ts';
import { AT } from '../../support/ledger-archive.ts';
import { assetCid, sha256 } from '../../support/statement-bodies.ts';

const asset = assetCid('a');
const occasion = { asset, facts: undefined, at: AT };

function seen(inspector: string, facts: Finding['facts'], raw: Finding['raw'] = []): Finding {
  return { inspector, version: 1, outcome: 'found', facts, raw };
}

describe('what a file reserves', () => {
  it('is one statement per protocol, with the strictest of its carriers', () => {
    const signals = [
      { protocol: 'tdmrep', carrier: 'xmp', values: { data_mining: 'allow' } },
      { protocol: 'tdmrep', carrier: 'page', values: { data_mining: 'deny' } },
      { protocol: 'noai', carrier: 'page', values: { ai_training: 'deny' } },
    ];
    const sayings = reservationSayings([seen('reservations', { signals })], null, occasion);
    expect(sayings.map(({ statement }) => statement.body)).toMatchObject([
      { protocol: 'tdmrep', values: { data_mining: 'deny' }, by: 'file', observedAt: AT },
      { protocol: 'noai', values: { ai_training: 'deny' }, by: 'file', observedAt: AT },
    ]);
  });

  it('is nothing where nothing was seen', () => {
    expect(reservationSayings([seen('traces', {})], null, occasion)).toEqual([]);
  });
});

describe('the raw texts of one run', () => {
  it('are kept as far as they fit into one record, the short ones first', () => {
    const text = (where: string, length: number) => ({
      where,
      text: 'a'.repeat(length),
      truncated: false,
    });
    const long = Array.from({ length: 5 }, (_, at) =>
      seen(
        'traces',
        {},
        Array.from({ length: 4 }, () => text(`long-${at}`, 65_536)),
      ),
    );
    const findings = [...long, seen('reservations', {}, [text('short', 10)])];
    const saying = findingSaying(asset, findings, AT, { randomBytes, sha256 });
    const [block] = saying.records ?? [];
    const record = decodeRecord(block?.bytes ?? new Uint8Array());
    const where = record.type === 'finding' ? record.raw.map((raw) => raw.where) : [];
    expect(where).toHaveLength(14);
    expect(where).toContain('short');
  });
});
