import { expect, it } from 'vitest';
import type { RecordOwner } from '../../../src/core/entries/record-owners.ts';
import { type CollectionAccess, OWN_ORGANISATION } from '../../../src/core/sharing/readership.ts';
import { recordReaders } from '../../../src/replica/feed/record-readers.ts';
import { signerOf } from '../../support/keys.ts';
import { assetCid, documentCid } from '../../support/statement-bodies.ts';

const ana = signerOf('ana').did;
const ben = signerOf('ben').did;
const cyd = signerOf('cyd').did;
const eve = signerOf('eve').did;
const [ours, theirs] = ['a'.repeat(32), 'b'.repeat(32)] as const;
const [open, closed] = ['1'.repeat(32), '2'.repeat(32)] as const;

function readersOf(
  replica: string,
  organisation: string,
  access: CollectionAccess,
  roles = ['partner'],
  opens = true,
) {
  const member = (org: string, policy: string) => ({
    id: ana,
    keys: [],
    organisation: org,
    roles,
    replica: policy,
  });
  const members = new Map([
    [ana, member(ours, 'none')],
    [ben, member(organisation, replica)],
  ]);
  const deposit = { ...access, organisation: ours, collection: open, opens };
  return recordReaders(
    // Only what the rule looks at.
    { memberOf: (key) => members.get(key) as never },
    {
      collectionAccess: (collection) => (collection === open ? access : OWN_ORGANISATION),
      access: (cid) => (cid === assetCid('a') ? ({ deposits: [deposit] } as never) : undefined),
    },
  );
}

const PUBLIC: CollectionAccess = { visibility: 'members', readers: [] };
const collection = (id: string): RecordOwner => ({ collection: id, author: ana });
const asset: RecordOwner = { asset: assetCid('a') };
const stranger: RecordOwner = { asset: assetCid('z') };
const set: RecordOwner = { set: documentCid('s') };

it.each<[string, string, string, CollectionAccess, RecordOwner, boolean]>([
  ['of the depositor’s organisation', 'none', ours, OWN_ORGANISATION, collection(open), true],
  ['of another organisation', 'none', theirs, OWN_ORGANISATION, collection(open), false],
  ['that may read it', 'none', theirs, PUBLIC, collection(open), true],
  ['that may read another', 'none', theirs, PUBLIC, collection(closed), false],
  ['that may read an asset of it', 'none', theirs, PUBLIC, asset, true],
  ['that may not read the asset', 'none', theirs, OWN_ORGANISATION, asset, false],
  ['of an asset that is not here', 'none', ours, PUBLIC, stranger, false],
  ['that replicates it', `collection:${open}`, theirs, OWN_ORGANISATION, collection(open), true],
  [
    'that replicates another',
    `collection:${closed}`,
    theirs,
    OWN_ORGANISATION,
    collection(open),
    false,
  ],
  ['that replicates everything', 'all', theirs, OWN_ORGANISATION, stranger, true],
  ['that asks about a set', 'none', ours, PUBLIC, set, false],
  ['that replicates sets', 'eligible', theirs, OWN_ORGANISATION, set, true],
  ['that asks for what is of no collection', 'none', theirs, OWN_ORGANISATION, null, true],
])('a member %s', (_who, replica, organisation, access, owner, expected) => {
  const readers = readersOf(replica, organisation, access);
  expect(readers(ben)?.(owner)).toBe(expected);
  expect(readers(cyd)?.(owner)).toBe(false);
});

it('shows nobody what is said of an asset because somebody has named it in a deposit', () => {
  const readers = readersOf('none', theirs, PUBLIC, ['partner'], false);
  expect(readers(ben)?.(asset)).toBe(false);
});

it('shows a witness nothing, unless it is more than that', () => {
  expect(readersOf('all', theirs, PUBLIC, ['witness'])(ben)).toBeUndefined();
  expect(readersOf('all', theirs, PUBLIC, ['partner', 'witness'])(ben)?.(asset)).toBe(true);
});

it('knows nobody by an author who is no member any more', () => {
  const readers = readersOf('none', ours, PUBLIC);
  const owner: RecordOwner = { collection: open, author: eve };
  expect(readers(ben)?.(owner)).toBe(false);
});
