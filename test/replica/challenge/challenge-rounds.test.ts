import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Append, Appended } from '../../../src/core/ports/ledger.ts';
import { bytesPermission } from '../../../src/core/sharing/permission.ts';
import type { EntryHash } from '../../../src/core/statements/fields.ts';
import { answerChallenges } from '../../../src/replica/challenge/answer-challenges.ts';
import { ChallengeRounds } from '../../../src/replica/challenge/challenge-rounds.ts';
import { CHALLENGE_PROTOCOL } from '../../../src/replica/challenge/protocol.ts';
import * as say from '../../support/asset-statements.ts';
import { catalogFixture } from '../../support/catalog-fixture.ts';
import { sha256 } from '../../support/memory-content.ts';
import { MemoryHub } from '../../support/memory-network.ts';
import { byteNode, meet } from '../bytes/node.ts';

const FOREVER = new AbortController().signal;
const PARTNER = '5'.repeat(32);

/** A node with a ledger and a catalog that challenges another one with a content store only. */
async function challenging(replica = 'all') {
  const stack = new AsyncDisposableStack();
  const hub = new MemoryHub();
  const fixture = stack.use(catalogFixture());
  const a = stack.use(await byteNode(hub, 1));
  const b = stack.use(await byteNode(hub, 2));
  await meet(a, b);
  const clock = { now: say.AT };
  const memberOf = (key: Did) => ({
    id: key,
    keys: [key],
    browserKeys: [],
    organisation: PARTNER,
    roles: ['partner' as const],
    replica,
  });
  const mayHave = bytesPermission({ memberOf }, fixture.catalog);
  const answerer = { content: b.content, did: b.did, sha256, onDamage: () => {}, mayHave };
  const listen = () =>
    b.network.handle(CHALLENGE_PROTOCOL, (stream, signal) =>
      answerChallenges(answerer, stream, signal),
    );
  listen();
  const appends: Append[] = [];
  const rounds = new ChallengeRounds({
    did: a.did,
    network: a.network,
    content: a.content,
    sha256,
    onDamage: () => {},
    catalog: fixture.catalog,
    ledger: {
      memberOf,
      isAncestor: (one: EntryHash, other: EntryHash) => fixture.ledger.isAncestor(one, other),
      append: async (append: Append): Promise<Appended> => {
        appends.push(append);
        const appended = fixture.ledger.append(append);
        await fixture.catalog.catchUp();
        return appended;
      },
    },
    randomBytes: (length) => Uint8Array.from(randomBytes(length)),
    now: () => clock.now,
    policy: 'corroborated',
    renewDays: 30,
  });
  const deposit = async (where: 'both' | 'here') => {
    const bytes = randomBytes(100);
    const { cid } = await a.put(bytes);
    if (where === 'both') await b.put(bytes);
    await fixture.say([say.deposit(cid, { title: 'x' })]);
    return { cid, bytes };
  };
  const outcomes = () =>
    appends.splice(0).map(({ statements }) => statements.map(({ body }) => body['outcome']));
  const challenge = () => rounds.challenge(b.did, FOREVER);
  const dispose = () => stack.disposeAsync();
  return {
    a,
    b,
    clock,
    fixture,
    deposit,
    challenge,
    outcomes,
    listen,
    [Symbol.asyncDispose]: dispose,
  };
}

it('records one entry for all that a partner has shown, and nothing while that is fresh', async () => {
  await using given = await challenging();
  const { challenge, clock, deposit, fixture, outcomes, b } = given;
  const one = await deposit('both');
  await deposit('both');
  const lacking = await deposit('here');
  expect(await challenge()).toEqual({ proven: 2, lost: 0, unheld: 1 });
  expect(outcomes()).toEqual([['proven']]);
  const holdings = fixture.catalog.facts(one.cid)?.known.holding ?? [];
  expect(holdings.map(({ body }) => [body.holder, body.organisation, body.outcome])).toEqual([
    [b.did, PARTNER, 'proven'],
  ]);
  // Only what it did not have is asked again; it is no failure, and nothing is written.
  expect(await challenge()).toEqual({ proven: 0, lost: 0, unheld: 1 });
  expect(outcomes()).toEqual([]);
  await b.put(lacking.bytes);
  expect(await challenge()).toEqual({ proven: 1, lost: 0, unheld: 0 });
  await deposit('both');
  expect(await challenge()).toEqual({ proven: 1, lost: 0, unheld: 0 });
  expect(await challenge()).toEqual({ proven: 0, lost: 0, unheld: 0 });
  outcomes();
  clock.now = '2026-12-21T12:00:00Z';
  expect(await challenge()).toEqual({ proven: 0, lost: 0, unheld: 0 });
  clock.now = '2026-12-23T12:00:00Z';
  expect(await challenge()).toEqual({ proven: 4, lost: 0, unheld: 0 });
  expect(outcomes()).toEqual([['proven']]);
});

it('records once that a proven copy is gone, and that it is back', async () => {
  await using given = await challenging();
  const { challenge, clock, deposit, outcomes, b, listen } = given;
  await deposit('both');
  await challenge();
  outcomes();
  clock.now = '2027-01-01T12:00:00Z';
  b.network.handle(CHALLENGE_PROTOCOL, async () => {});
  expect(await challenge()).toEqual({ proven: 0, lost: 0, unheld: 0 });
  expect(outcomes()).toEqual([]);
  expect(await challenge()).toEqual({ proven: 0, lost: 1, unheld: 0 });
  expect(outcomes()).toEqual([['no-answer']]);
  expect(await challenge()).toEqual({ proven: 0, lost: 0, unheld: 0 });
  expect(outcomes()).toEqual([]);
  listen();
  expect(await challenge()).toEqual({ proven: 1, lost: 0, unheld: 0 });
  expect(outcomes()).toEqual([['proven']]);
});

it('asks only about what the replica policy covers', async () => {
  await using given = await challenging('media:audio');
  await given.deposit('both');
  expect(await given.challenge()).toEqual({ proven: 0, lost: 0, unheld: 0 });
});
