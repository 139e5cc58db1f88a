import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { revokeMember } from '../../src/archive/governing/members.ts';
import { joinArchive } from '../../src/compose/founding/join-archive.ts';
import { systemEnvirons } from '../../src/compose/system.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { encodeMessage, FEED } from '../../src/replica/feed/protocol.ts';
import { AT, appendOf } from '../support/deposits.ts';
import { openHostilePeer } from '../support/hostile-peer.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry, organisationOf } from '../support/ledger-archive.ts';
import { Siege, within } from '../support/siege.ts';
import { assetCid, BODIES } from '../support/statement-bodies.ts';

vi.setConfig({ testTimeout: 240_000 });

const DAYS_3 = 3 * 86_400_000;

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
});
afterAll(() => siege?.[Symbol.asyncDispose]());

const hold = (asset: string): StatementOutline =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

const memberOf = (name: string) => siege.victim.archive.ledger.memberOf(signerOf(name).did);

/** An entry of the test key of that name. */
function made(name: string, over: readonly MadeEntry[], statement = hold(name)): MadeEntry {
  const inline = ['grant', 'revoke', 'proposal', 'approval', 'enactment'].includes(statement.kind);
  const { address } = siege.victim.archive.ledger;
  return makeEntry({ address }, signerOf(name), over, [statement], { inline });
}

function grantOf(name: string): StatementOutline {
  const { did } = signerOf(name);
  const member = {
    id: did,
    key: did,
    organisation: organisationOf(name),
    role: 'archivist',
  } as const;
  return createStatement('grant', null, AT, { ...member, replica: 'all', record: null });
}

function revokeOf(id: Did, last: readonly MadeEntry[]): StatementOutline {
  const hashes = last.map(({ hash }) => hash);
  return createStatement('revoke', null, AT, { id, key: null, last: hashes, proposal: null });
}

let carriers = 0;

/** Has another member, each time a new one, show entries to the victim, until it holds the last of them. */
async function deliver(entries: readonly MadeEntry[]): Promise<void> {
  carriers += 1;
  const name = `carrier ${carriers}`;
  await siege.grant(name);
  const last = entries.at(-1);
  await using _carrier = await siege.show(name, siege.logOf(name, entries));
  await within(() => expect(last && siege.has(last)).toBe(true));
}

async function voidOf(entry: MadeEntry): Promise<string | undefined> {
  const { findings } = await siege.doctor();
  return findings.find(({ subject }) => subject.startsWith(entry.hash))?.text;
}

describe('an invitation', () => {
  const join = async (name: string, text: string) => joinArchive(siege.homeOf(name), text);

  it('that is replayed by its own key changes nothing, and by another is refused', async () => {
    await siege.during(async () => {
      const text = await siege.invitation();
      const first = await join('invited', text);
      const size = siege.victim.archive.ledger.members().length;
      expect(await join('invited', text)).toMatchObject({ did: first.did });
      expect(siege.victim.archive.ledger.members()).toHaveLength(size);
      await expect(join('sharer', text)).rejects.toMatchObject({ code: 'invitation_invalid' });
      expect(siege.victim.archive.ledger.members()).toHaveLength(size);
    });
    const { findings } = await siege.doctor();
    const told = findings.filter(({ text }) => text.startsWith('showed an invitation'));
    expect(told).toMatchObject([{ kind: 'peer' }]);
    expect(siege.log.some(({ text }) => text.startsWith('showed an invitation'))).toBe(true);
  });

  it('that has expired or was revoked is refused', async () => {
    await siege.during(async () => {
      const expired = await siege.invitation({ lifetimeMs: 1 });
      await expect(join('late', expired)).rejects.toMatchObject({ code: 'invitation_invalid' });
      const revoked = await siege.invitation();
      const { ledger } = siege.victim.archive;
      const [key = ''] = ledger
        .governance()
        .invitations.map((one) => one.key)
        .slice(-1);
      await revokeMember({ id: key as Did }, siege.victim.archive);
      await expect(join('out', revoked)).rejects.toMatchObject({ code: 'invitation_invalid' });
    });
  });
});

describe('a member whose key is stolen', () => {
  it('and is revoked in the middle of a stream is cut off', async () => {
    await siege.grant('thief');
    await using mallory = await openHostilePeer('thief');
    await siege.during(async () => {
      const stream = await mallory.open(siege.address, FEED.name);
      const archive = siege.victim.archive.ledger.address;
      stream.sendMessage(encodeMessage({ type: 'hello', archive, origin: '', size: 0 }));
      await within(() => expect(stream.received().length).toBeGreaterThan(100));
      await revokeMember({ id: mallory.did }, siege.victim.archive);
      expect(await stream.closed).toBe('reset');
      await siege.reason(mallory.did, /may not stay/);
    });
  });

  it('and was revoked floods with back-dated entries in vain', async () => {
    await siege.grant('flooder', 'archivist');
    await siege.during(async () => {
      const past = siege.heads();
      const kept = made('flooder', past);
      await deliver([kept]);
      await revokeMember({ id: signerOf('flooder').did }, siege.victim.archive);
      const flood = Array.from({ length: 60 }, (_, i) => made('flooder', past, hold(`flood ${i}`)));
      await deliver(flood);
      const { findings } = await siege.doctor();
      expect(findings.filter(({ kind }) => kind === 'void')).toHaveLength(flood.length);
      expect(
        findings.some(
          ({ kind, subject }) => kind === 'fork' && subject === signerOf('flooder').did,
        ),
      ).toBe(true);
      expect(await voidOf(kept)).toBeUndefined();
    });
  });

  it('and writes from two places at once is told of, and what it wrote stands', async () => {
    await siege.grant('copied', 'archivist');
    await siege.during(async () => {
      const past = siege.heads();
      const pair = [made('copied', past, hold('here')), made('copied', past, hold('there'))];
      await deliver(pair);
      const { findings } = await siege.doctor();
      const told = findings.filter(({ subject }) => subject === signerOf('copied').did);
      expect(told).toMatchObject([{ kind: 'fork', text: expect.stringMatching(/two places/) }]);
      for (const entry of pair) expect(await voidOf(entry)).toBeUndefined();
    });
  });
});

describe('a hostile steward', () => {
  it('cannot name an old last entry alone, nor remove another steward', async () => {
    await siege.grant('usurper', 'steward');
    await siege.during(async () => {
      const held = siege.entries();
      const { did } = siege.honest.archive.ledger.self;
      const early = revokeOf(did, held.slice(0, 1));
      const victim = siege.victim.archive.ledger.self.did;
      const entries = [made('usurper', siege.heads(), early)];
      entries.push(made('usurper', entries, revokeOf(victim, held.slice(-1))));
      await deliver(entries);
      for (const entry of entries) expect(await voidOf(entry)).toMatch(/counts for nothing/);
      const { ledger } = siege.victim.archive;
      expect(ledger.memberOf(did)?.roles).toContain('archivist');
      expect(ledger.memberOf(victim)?.roles).toContain('steward');
    });
  });

  it('D3, D4: who grants while another grants or revokes undoes neither', async () => {
    await siege.grant('doomed');
    await siege.during(async () => {
      const past = siege.heads();
      await siege.grant('granted here');
      await revokeMember({ id: signerOf('doomed').did }, siege.victim.archive);
      await deliver([made('usurper', past, grantOf('granted there'))]);
      expect(memberOf('granted here')).toBeDefined();
      expect(memberOf('granted there')).toBeDefined();
      expect(memberOf('doomed')).toBeUndefined();
    });
  });

  it('D2: what a member wrote upon an entry that falls stands', async () => {
    await siege.grant('falling', 'archivist');
    await siege.grant('upon it', 'archivist');
    await siege.during(async () => {
      const falling = made('falling', siege.heads());
      const upon = made('upon it', [falling]);
      await revokeMember({ id: signerOf('falling').did }, siege.victim.archive);
      await deliver([falling, upon]);
      expect(await voidOf(falling)).toMatch(/counts for nothing/);
      expect(await voidOf(upon)).toBeUndefined();
    });
  });
});

describe('an honest partner', () => {
  it.each([DAYS_3, -DAYS_3])('whose clock is %i ms off keeps level', async (off) => {
    const environs = { ...systemEnvirons, clock: () => Date.now() + off };
    await siege.during(async () => {
      const { node } = await siege.join(`clock ${off}`, environs);
      const { entry } = await siege.victim.archive.ledger.append(appendOf(`for ${off}`));
      const held = () => node.archive.feed.arrivalOf(entry);
      await within(() => expect(held()).toBeDefined());
    });
  });

  it('R3: gets later what it could not have at once', async () => {
    await siege.grant('slow');
    await siege.during(async () => {
      const chain = [made('slow', siege.heads())];
      chain.push(made('slow', chain, hold('next')));
      const log = siege.logOf('slow', chain);
      let refusals = 2;
      await using _slow = await siege.show('slow', log, ({ type }) =>
        type === 'want' && refusals-- > 0 ? 'hang up' : undefined,
      );
      await within(() => expect(chain.every((entry) => siege.has(entry))).toBe(true));
    });
  });

  it('R5: catches up after fifty entries that it missed', async () => {
    const missed: EntryHash[] = [];
    await siege.withoutHonest(async () => {
      for (let i = 0; i < 50; i++) {
        const { entry } = await siege.victim.archive.ledger.append(appendOf(`missed ${i}`));
        missed.push(entry);
      }
    });
    const { feed } = siege.honest.archive;
    await within(() => {
      for (const entry of missed) expect(feed.arrivalOf(entry)).toBeDefined();
    });
  });

  it('R8, R9: appends, whatever becomes of the news of it', async () => {
    const { ledger, feed } = siege.victim.archive;
    const stop = feed.watch(() => {
      throw new Error('a listener that fails');
    });
    for (const { peer } of siege.victim.peers.network.peers()) {
      await siege.victim.peers.network.disconnect(peer, 'for the test');
    }
    const size = ledger.size();
    const { arrival } = await ledger.append(appendOf('told nobody'));
    expect(arrival).toBeGreaterThanOrEqual(size);
    stop();
  });

  it('D1: who joins after all this sees the same', async () => {
    const { home } = await siege.join('newcomer');
    const digest = async (of?: string) => (await siege.doctor(of)).stateDigest;
    const check = async () => expect(await digest(home)).toBe(await digest());
    await vi.waitFor(check, { timeout: 60_000, interval: 500 });
    expect(Math.max(...siege.waits)).toBeLessThan(20_000);
  });
});
