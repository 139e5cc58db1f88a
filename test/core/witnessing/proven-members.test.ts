import { describe, expect, it } from 'vitest';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Entry } from '../../../src/core/entries/entry.ts';
import type { EntryHash } from '../../../src/core/statements/fields.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { provenMembers } from '../../../src/core/witnessing/proven-members.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { signerOf } from '../../support/keys.ts';
import { AT, testArchive } from '../../support/ledger-archive.ts';

const { charter } = testArchive('ana');
const organisation = 'e'.repeat(32);
const key = (name: string) => signerOf(name).did;

/** An entry by which somebody grants a key of a member a role; nothing here looks at its signature. */
function granted(by: Did, id: Did, to: Did) {
  const body = {
    id,
    key: to,
    role: 'reviewer',
    organisation,
    replica: 'none',
    record: null,
  } as const;
  const statement = createStatement('grant', null, AT, body);
  const entry = { identity: by, payload: { statement } } as unknown as Entry;
  return { hash: `${by} ${to}` as EntryHash, entry };
}

const known = (...entries: readonly ReturnType<typeof granted>[]) =>
  provenMembers(charter, entries, verifySignature);

describe('keys that a proof shows to be members’', () => {
  const member = granted(key('ana'), key('ben'), key('ben'));

  it('are those that a member has given to its own browser, in any order', () => {
    const own = granted(key('ben'), key('ben'), key('browser'));
    for (const entries of [
      [member, own],
      [own, member],
    ]) {
      expect(known(...entries).get(key('browser'))).toMatchObject({ id: key('ben'), organisation });
    }
    expect(known(own).has(key('browser'))).toBe(false);
  });

  it('are not those that a member gives to others, or a browser to another', () => {
    expect(known(member, granted(key('ben'), key('eve'), key('eve'))).has(key('eve'))).toBe(false);
    const own = granted(key('ben'), key('ben'), key('browser'));
    const next = granted(key('browser'), key('ben'), key('eve'));
    expect(known(member, own, next).has(key('eve'))).toBe(false);
  });
});
