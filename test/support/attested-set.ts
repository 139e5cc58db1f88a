import { type Cid, cidToBytes } from '../../src/core/cid.ts';
import type { NextDraws } from '../../src/core/ports/set-attestations.ts';
import {
  type AttestationItem,
  createAttestationItems,
} from '../../src/core/statements/attestation-items.ts';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { AT } from './asset-statements.ts';
import { sha256 } from './memory-ledger.ts';

/** Returns what a museum could say of a print of 1901 in its set. */
export function printItem(asset: Cid, number: number): AttestationItem {
  return {
    asset,
    item: `inv-${number}`,
    date: '1901-12-31',
    source: 'catalogue:hind-1912',
    digest: null,
    digitised: '2015-06-01',
    digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation',
    maker: 'dead',
    makerDied: 1910,
  };
}

/** Returns an attestation of these assets, ready to be appended. */
export function attestationOf(
  assets: readonly Cid[],
  institution: string,
  change: (items: AttestationItem[]) => AttestationItem[] = (items) => items,
) {
  const set = createSet(assets, sha256);
  const sorted = [...new Set(assets)].sort((a, b) => (bytesOf(a) < bytesOf(b) ? -1 : 1));
  const items = change(sorted.map((asset, i) => printItem(asset, i)));
  const { pages, ...words } = createAttestationItems(items, sha256);
  const body = { institution, ...words };
  return {
    statement: createStatement('attestation', { set: set.cid }, AT, body),
    documents: [...set.blocks, ...pages],
  };
}

/** Returns the word of a reviewer on a draw. */
export function drawReview(
  attestation: string,
  { seed, size }: Pick<NextDraws, 'seed' | 'size'>,
  { draw, asset }: { readonly draw: number; readonly asset: Cid },
  changes: Partial<BodyOf<'review'>> = {},
): StatementOutline {
  return createStatement('review', { asset }, AT, {
    rubric: 'image-1',
    outcome: 'confirmed',
    conflict: 'none',
    evidence: [],
    sample: { attestation, seed, draw, size },
    record: null,
    ...changes,
  });
}

function bytesOf(cid: Cid): string {
  return Buffer.from(cidToBytes(cid)).toString('hex');
}
