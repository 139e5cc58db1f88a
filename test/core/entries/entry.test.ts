import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { publicKeyOf } from '../../../src/core/entries/did-key.ts';
import {
  type AcceptanceContext,
  acceptEntry,
  MAX_ENTRY_BYTES,
} from '../../../src/core/entries/entry.ts';
import { ArchiveError } from '../../../src/core/errors.ts';
import { toHex } from '../../../src/core/hash.ts';
import { encodeBlock } from '../../../src/core/statements/block.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';
import {
  AT,
  type EntryChanges,
  type MadeEntry,
  madeEntry,
  makeEntry,
  testArchive,
} from '../../support/ledger-archive.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';

const archive = testArchive('ana', 'ben');
const [ana, ben] = [signerOf('ana'), signerOf('ben')];
const deposit = createStatement('deposit', { asset: assetCid('a') }, AT, BODIES.deposit);
const first = makeEntry(archive, ana, [archive.founding], [deposit]);
const second = makeEntry(archive, ben, [archive.founding], [deposit]);
const known = new Map([archive.founding, first, second].map((made) => [made.hash, made.clock]));

const context: AcceptanceContext = {
  address: archive.address,
  formatOver: () => 1,
  founder: ana.did,
  parentClock: (hash) => known.get(hash),
  isMember: (author) => archive.stewards.some((steward) => steward.did === author),
  verify: verifySignature,
};

const accept = ({ bytes }: Pick<MadeEntry, 'bytes'>) => acceptEntry(bytes, context);

/** What ana would write over the founding entry, with fields replaced before she signs. */
const changed = (changes: EntryChanges) =>
  makeEntry(archive, ana, [archive.founding], [deposit], changes);

it('accepts what a member writes over known entries', () => {
  expect(accept(archive.founding).next).toEqual([]);
  expect(accept(first).identity).toBe(ana.did);
  expect(accept(makeEntry(archive, ben, [first, second], [deposit])).clock.time).toBe(3);
});

describe('refuses an entry', () => {
  const anaKey = toHex(publicKeyOf(ana.did));
  const fields = accept(first);
  const { hash } = archive.founding;
  const CASES: readonly [string, string, () => Pick<MadeEntry, 'bytes'>][] = [
    ['of another archive', 'another archive', () => changed({ id: '/orbitdb/zdpuother' })],
    [
      'by a key that is no member',
      'no member',
      () => makeEntry(archive, signerOf('eve'), [first], [deposit]),
    ],
    [
      'signed by another key than its own',
      'not that of its identity',
      () => madeEntry({ ...fields, key: anaKey, identity: ben.did }),
    ],
    [
      'that names a member and is signed by somebody else (S1)',
      'not that of its identity',
      () => {
        const eve = signerOf('eve');
        return makeEntry(archive, eve, [archive.founding], [deposit], { identity: ana.did });
      },
    ],
    [
      'that names a member and its key and is signed by somebody else',
      'not validly signed',
      () => {
        const eve = signerOf('eve');
        return makeEntry(archive, eve, [first], [deposit], {
          identity: ana.did,
          key: anaKey,
          clock: { id: anaKey, time: 3 },
        });
      },
    ],
    [
      'whose clock is a leap ahead (S2a)',
      'has clock',
      () => changed({ clock: { id: anaKey, time: 2 ** 53 - 1 } }),
    ],
    ['without a clock (S2c)', 'clock', () => changed({ clock: null })],
    [
      'whose clock is a word (S2d)',
      'clock.time',
      () => changed({ clock: { id: anaKey, time: '9e99' } }),
    ],
    ['whose clock is behind', 'has clock 1', () => changed({ clock: { id: anaKey, time: 1 } })],
    [
      'whose clock is of somebody else',
      'clock.id',
      () => changed({ clock: { id: anaKey.toUpperCase(), time: 2 } }),
    ],
    [
      'over an entry nobody has (S3)',
      'not here',
      () => changed({ next: [makeEntry(archive, ben, [first], [deposit]).hash] }),
    ],
    ['over one entry named twice', 'twice', () => changed({ next: [hash, hash] })],
    [
      'over more than 16 entries',
      'next',
      () => changed({ next: Array.from({ length: 17 }, () => hash) }),
    ],
    ['with references', 'refs', () => changed({ refs: [hash] })],
    ['with a field too much (S4)', 'extra', () => madeEntry({ ...fields, extra: 1 })],
    [
      'with a field too few',
      'sig',
      () => {
        const { sig: _sig, ...rest } = fields;
        return madeEntry(rest);
      },
    ],
    [
      'with its signature in other letters (S6)',
      'sig',
      () => madeEntry({ ...fields, sig: fields.sig.toUpperCase() }),
    ],
    ['with a parent in another spelling', 'next', () => changed({ next: [hash.toUpperCase()] })],
    ['of another version of OrbitDB', 'at v', () => changed({ v: 1 })],
    [
      'without parents that is not by the founder',
      'not by the founding steward',
      () => makeEntry(archive, ben, [], [deposit]),
    ],
    [
      'without parents at another time',
      'clock other than 1',
      () => makeEntry(archive, ana, [], [deposit], { clock: { id: anaKey, time: 2 } }),
    ],
    [
      'with an inline statement that is no governance',
      'only governance',
      () => changed({ inline: true }),
    ],
    ['of 64 KiB and one', '64 KiB', () => ({ bytes: new Uint8Array(MAX_ENTRY_BYTES + 1) })],
    ['that is no CBOR (S9)', 'canonical', () => ({ bytes: Uint8Array.from([0xff, 0, 1]) })],
    [
      'under older rules',
      'payload.format',
      () => changed({ payload: { format: 0, batch: encodeBlock([], sha256).cid } }),
    ],
  ];
  it.each(CASES)('%s', (_what, because, make) => {
    const { bytes } = make();
    const message = expect.stringContaining(because);
    expect(() => acceptEntry(bytes, context)).toThrow(
      expect.objectContaining({ code: 'entry_rejected', message }),
    );
  });
});

it.each<[string, () => Uint8Array]>([
  ['with its fields in another order (S5)', () => reordered(accept(first))],
  ['with a link in place of the name of its batch (S7)', () => withFields({ payload: linked() })],
  [
    'with a time that takes a big integer (S2b)',
    () => withFields({ clock: { id: accept(first).key, time: 2n ** 60n } }),
  ],
  ['nested 60,000 deep (S11)', () => new Uint8Array(60_000).fill(0x81)],
  ['followed by one more byte', () => Uint8Array.from([...first.bytes, 0])],
])('refuses bytes %s', (_what, bytes) => {
  expect(() => acceptEntry(bytes(), context)).toThrow(
    expect.objectContaining({ code: 'entry_rejected' }),
  );
});

it('does not take any single flipped bit', () => {
  const flips = first.bytes.length * 8;
  for (let bit = 0; bit < flips; bit++) {
    const bytes = Uint8Array.from(first.bytes);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => acceptEntry(bytes, context), `bit ${bit}`).toThrow(ArchiveError);
  }
});

it('neither accepts nor refuses an entry under rules of a later program', () => {
  const payload = { format: 2, batch: encodeBlock([], sha256).cid };
  expect(() => accept(changed({ payload }))).toThrow(
    expect.objectContaining({ code: 'format_unknown' }),
  );
});

/** The same map with its keys backwards: other bytes, so another hash, with the same signature. */
function reordered(fields: object): Uint8Array {
  const pairs = Object.entries(fields).map(([key, value]) =>
    Buffer.concat([dagCbor.encode(key), dagCbor.encode(value)]),
  );
  return Buffer.concat([Uint8Array.of(0xa0 | pairs.length), ...pairs.reverse()]);
}

function withFields(fields: object): Uint8Array {
  return dagCbor.encode({ ...accept(first), ...fields });
}

function linked(): object {
  return { format: 1, batch: CID.parse(encodeBlock([], sha256).cid) };
}
