import { describe, expect, it } from 'vitest';
import { formatInvitation } from '../../../src/core/sharing/invitation.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { AT, appendOf } from '../../support/deposits.ts';
import { type JoinedHome, JoiningHomes } from '../../support/joining-homes.ts';
import { signerOf } from '../../support/keys.ts';

const invalid = expect.objectContaining({ code: 'invitation_invalid' });

const revoke = (home: JoinedHome, id: string) =>
  home.ledger.append({
    statements: [
      createStatement('revoke', null, AT, {
        id: id as JoinedHome['did'],
        key: null,
        last: [],
        proposal: null,
      }),
    ],
    records: [],
    documents: [],
  });

describe('joining', () => {
  it('makes a member of whoever shows an invitation, with a ledger of its own', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    await a.ledger.append(appendOf('one', 'two'));
    const { invitation, organisation } = await homes.invite(a);
    const b = await homes.join('b', invitation, a);
    expect(b.ledger.address).toBe(a.ledger.address);
    expect(b.ledger.size()).toBe(a.ledger.size());
    const member = { id: b.did, organisation, roles: ['partner'], replica: 'eligible' };
    expect(a.ledger.memberOf(b.did)).toMatchObject(member);
    expect(b.ledger.memberOf(b.did)).toMatchObject(member);
    expect(b.ledger.self).toEqual({ did: b.did, organisation });
    await b.ledger.checkpoint({ force: true });
    expect((await homes.pull(a, b)).entries).toBe(1);
  });

  it('keeps the name that a newcomer gives where it can be erased', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    await homes.join('b', (await homes.invite(a)).invitation, a);
    for await (const { standing } of a.ledger.arrivals(0)) {
      for (const { statement } of standing) {
        if (statement.kind !== 'admit') continue;
        expect(a.ledger.record(statement.body.record ?? ('' as never))).toMatchObject({
          type: 'name',
          name: 'b',
        });
        return;
      }
    }
    expect.unreachable('nobody was admitted');
  });

  it('is possible from any partner, when the one who invited is gone', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a);
    const c = await homes.join('c', (await homes.invite(a)).invitation, a);
    homes.hub.part(a.network, c.network);
    const d = await homes.join('d', invitation, c);
    expect(d.ledger.memberOf(d.did)).toMatchObject({ roles: ['partner'] });
    expect(d.ledger.memberOf(a.did)).toMatchObject({ roles: ['steward'] });
  });

  it('can be tried again after a kill at any step, by the same key', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a);
    await homes.apply('b', invitation, a);
    const size = a.ledger.size();
    await homes.apply('b', invitation, a);
    const b = await homes.join('b', invitation, a);
    expect(a.ledger.size()).toBe(size);
    expect(b.ledger.memberOf(b.did)).toBeDefined();
  });
});

describe('an invitation', () => {
  it('lets one key in and no second', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a);
    await homes.join('b', invitation, a);
    await expect(homes.apply('eve', invitation, a)).rejects.toEqual(invalid);
    expect(a.ledger.memberOf(signerOf('eve').did)).toBeUndefined();
  });

  it('lets one of two keys in that show it at once', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a);
    const outcomes = await Promise.allSettled(
      ['b', 'eve'].map((name) => homes.apply(name, invitation, a)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(a.ledger.members()).toHaveLength(2);
  });

  it('ends when its time is over, by the clock of the node that admits', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a, { lifetimeMs: 60_000 });
    homes.now += 60_000;
    await expect(homes.apply('b', invitation, a)).rejects.toEqual(invalid);
    homes.now -= 1_000;
    await homes.apply('b', invitation, a);
  });

  it('ends when a steward revokes it', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation, key } = await homes.invite(a);
    await revoke(a, key);
    await expect(homes.apply('b', invitation, a)).rejects.toEqual(invalid);
    expect(a.ledger.members()).toHaveLength(1);
  });

  it('is nothing without its key, or with another statement, or at another archive', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const other = await homes.found('other');
    const { invitation } = await homes.invite(a);
    const read = homes.read(invitation);
    const forged = { ...read, seed: new Uint8Array(32).fill(1) };
    await expect(homes.apply('b', formatInvitation(forged, sha256), a)).rejects.toEqual(invalid);
    const { ids } = await a.ledger.append(appendOf('one'));
    const [entry] = (ids[0] ?? '').split('/');
    const elsewhere = { ...read, statement: `${entry}/0` as typeof read.statement };
    await expect(homes.apply('b', formatInvitation(elsewhere, sha256), a)).rejects.toEqual(invalid);
    await expect(homes.apply('b', invitation, other)).rejects.toMatchObject({ code: 'not_found' });
    expect(a.ledger.members()).toHaveLength(1);
  });

  it('is replayed in vain by a key that was let in and revoked', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const { invitation } = await homes.invite(a);
    await homes.apply('b', invitation, a);
    const { did } = signerOf('b');
    await revoke(a, did);
    expect(a.ledger.memberOf(did)).toBeUndefined();
    await expect(homes.apply('b', invitation, a)).rejects.toEqual(invalid);
    expect(a.ledger.memberOf(did)).toBeUndefined();
  });
});

describe('the string of an invitation', () => {
  it('is one word, and says the same to whoever reads it', async () => {
    await using homes = new JoiningHomes();
    const a = await homes.found('a');
    const networkKey = new Uint8Array(32).fill(5);
    const { invitation, id } = await homes.invite(a, { networkKey });
    expect(invitation).toMatch(/^rf1[1-9A-HJ-NP-Za-km-z]{200,600}$/);
    expect(homes.read(` ${invitation}\n`)).toMatchObject({
      archive: a.ledger.address,
      statement: id,
      inviters: [{ did: a.did, addresses: a.network.addresses }],
      networkKey,
      expires: homes.now + 3_600_000,
    });
  });

  it('is refused with one letter changed, left out or swapped, and where it is none', async () => {
    await using homes = new JoiningHomes();
    const { invitation } = await homes.invite(await homes.found('a'));
    const at = invitation.length >> 1;
    const changed = invitation[at] === '2' ? '3' : '2';
    const wrong = [
      invitation.slice(0, at) + changed + invitation.slice(at + 1),
      invitation.slice(0, at) + invitation.slice(at + 1),
      invitation.slice(0, -10),
      invitation.replace('rf1', 'rf1 '),
      'rf1',
      '',
      'hello',
      `rf1${'z'.repeat(5_000)}`,
    ];
    for (const text of wrong) {
      expect(() => homes.read(text), text.slice(0, 20)).toThrow(invalid);
    }
  });
});
