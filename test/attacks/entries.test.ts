import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { encodeBlock } from '../../src/core/statements/block.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { AT, appendOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { type MadeEntry, makeEntry } from '../support/ledger-archive.ts';
import { Siege } from '../support/siege.ts';
import { assetCid, BODIES, documentCid } from '../support/statement-bodies.ts';

/** What an entry of an attack is made of. */
interface Ground {
  readonly address: string;
  /** The newest entry that the attacker holds. */
  readonly over: MadeEntry;
  /** An entry of the honest partner. */
  readonly honest: MadeEntry;
}

const eve = signerOf('eve');

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
});
afterAll(() => siege?.[Symbol.asyncDispose]());

const hold = (asset: string): StatementOutline =>
  createStatement('hold', { asset: assetCid(asset) }, AT, BODIES.hold);

function fieldsOf({ bytes }: { readonly bytes: Uint8Array }): Record<string, unknown> {
  // The test has just encoded it.
  return dagCbor.decode(bytes) as Record<string, unknown>;
}

/** An honest entry that says something else than was signed. */
function changed(
  { honest }: Ground,
  change: (fields: Record<string, unknown>) => Record<string, unknown>,
): MadeEntry {
  return asMade(honest, dagCbor.encode(change(fieldsOf(honest))));
}

/** These bytes in place of an entry, with what belongs to it. */
function asMade(entry: MadeEntry, bytes: Uint8Array): MadeEntry {
  return { ...entry, bytes, hash: toEntryHash(cidFromDigest(CODEC.dagCbor, sha256(bytes))) };
}

/** An entry of the honest partner's name, signed by the attacker, with a clock of the attacker's choice. */
function clocked({ address, over, honest }: Ground, clock: unknown): MadeEntry {
  const { identity } = fieldsOf(honest);
  return makeEntry({ address }, eve, [over], [hold('clock')], { identity, clock });
}

function withTime(ground: Ground, time: unknown): MadeEntry {
  const { clock } = fieldsOf(ground.honest);
  return clocked(ground, { ...(clock as object), time });
}

/** The bytes of an honest entry in another order. */
function reordered({ honest }: Ground): MadeEntry {
  const fields = Object.entries(fieldsOf(honest)).reverse();
  const pieces = fields.flatMap(([key, value]) => [dagCbor.encode(key), dagCbor.encode(value)]);
  return asMade(honest, Buffer.concat([Uint8Array.of(0xa0 | fields.length), ...pieces]));
}

/** s and s + L sign the same (RFC 8032 §5.1.7 forbids the second). */
function malleable(fields: Record<string, unknown>): Record<string, unknown> {
  const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
  const signature = Buffer.from(String(fields['sig']), 'hex');
  const s = BigInt(`0x${Buffer.from(signature.subarray(32).toReversed()).toString('hex')}`) + order;
  signature.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed(), 32);
  return { ...fields, sig: signature.toString('hex') };
}

/** An entry of the member's own over a batch of these bytes. */
function overBatch(ground: Ground, member: string, bytes: Uint8Array): MadeEntry {
  const cid = cidFromDigest(CODEC.dagCbor, sha256(bytes));
  const payload = { format: 1, batch: cid };
  const made = makeEntry(ground, signerOf(member), [ground.over], [hold('x')], { payload });
  return { ...made, blocks: [{ cid, bytes }] };
}

const nested = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x81), Uint8Array.of(0)]);

const NOBODY_HAS_IT = CID.parse(documentCid('nobody has it'));

/** A list of so many values, each one byte, as the statements of a batch. */
function wideBatch(count: number): Uint8Array {
  const head = Buffer.alloc(5, 0x9a);
  head.writeUInt32BE(count, 1);
  const key = (text: string) => dagCbor.encode(text);
  const v = [key('v'), dagCbor.encode(1)];
  return Buffer.concat([Uint8Array.of(0xa2), ...v, key('statements'), head, Buffer.alloc(count)]);
}

/** A member shows a log that begins as everybody's does and ends in this entry and one upon it. */
async function offer(name: string, make: (ground: Ground, name: string) => MadeEntry) {
  await siege.grant(name);
  const held = siege.entries();
  const over = held.at(-1);
  const honest = held.findLast(
    (one) => fieldsOf(one)['identity'] === siege.honest.archive.ledger.self.did,
  );
  if (over === undefined || honest === undefined) throw new Error('the honest partner has written');
  const { address } = siege.victim.archive.ledger;
  const bad = make({ address, over, honest }, name);
  // What builds on it has a clock that can be encoded.
  const child = makeEntry({ address }, signerOf(name), [{ ...bad, clock: 2 }], [hold('child')]);
  await using _attacker = await siege.show(name, siege.logOf(name, [bad, child], held));
  await siege.reason(signerOf(name).did, /holds 2 entries that no node accepts/);
  return { bad, child };
}

describe.concurrent('an entry that no node accepts is skipped, with what builds on it', () => {
  it.each<[string, (ground: Ground, name: string) => MadeEntry]>([
    [
      'S0: by a key that is no member',
      (ground) => makeEntry(ground, eve, [ground.over], [hold('x')]),
    ],
    [
      'S1: that names a member and is signed by another key',
      (ground) => {
        const { identity } = fieldsOf(ground.honest);
        return makeEntry(ground, eve, [ground.over], [hold('x')], { identity });
      },
    ],
    ['S2a: with a clock of 2^53-1', (ground) => withTime(ground, Number.MAX_SAFE_INTEGER)],
    [
      'S2b: with a clock of 2^60',
      (ground) => changed(ground, (fields) => ({ ...fields, clock: { id: '', time: 2n ** 60n } })),
    ],
    ['S2c: with no clock', (ground) => clocked(ground, null)],
    ['S2d: with a clock that is text', (ground) => withTime(ground, '9e99')],
    [
      'S4: of somebody else, sent again with a field more',
      (ground) => changed(ground, (fields) => ({ ...fields, extra: 1 })),
    ],
    ['S5: of somebody else, in another order of its bytes', reordered],
    [
      'S6: of somebody else, with the other signature that fits',
      (ground) => changed(ground, malleable),
    ],
    [
      'S6: of somebody else, with its signature in upper case',
      (ground) =>
        changed(ground, (fields) => ({ ...fields, sig: String(fields['sig']).toUpperCase() })),
    ],
    [
      'S7: with a link to a block that nobody has in it',
      (ground) =>
        changed(ground, (fields) => ({ ...fields, payload: { format: 1, batch: NOBODY_HAS_IT } })),
    ],
    [
      'S7: with a link to a block that nobody has in its batch',
      (ground, name) => {
        const statements = [{ ...hold('x'), body: { reason: NOBODY_HAS_IT } }];
        return overBatch(ground, name, dagCbor.encode({ v: 1, statements }));
      },
    ],
    ...[1_000, 5_000, 20_000, 200_000].map(
      (depth): [string, (ground: Ground, name: string) => MadeEntry] => [
        `S11: whose batch is nested ${depth} deep`,
        (ground, name) => overBatch(ground, name, nested(depth)),
      ],
    ),
    ['S12: without parents', (ground, name) => makeEntry(ground, signerOf(name), [], [hold('x')])],
    [
      'S13: with 20,000 references',
      (ground, name) => {
        const refs = Array.from({ length: 20_000 }, () => ground.over.hash);
        return makeEntry(ground, signerOf(name), [ground.over], [hold('x')], { refs });
      },
    ],
    [
      'S14: of more than 64 KiB',
      (ground) => changed(ground, (fields) => ({ ...fields, id: 'x'.repeat(900_000) })),
    ],
    [
      'whose batch is a megabyte of numbers',
      (ground, name) => overBatch(ground, name, wideBatch(1_000_000)),
    ],
    [
      'of another archive',
      (ground, name) =>
        makeEntry({ address: '/orbitdb/zdpuOther' }, signerOf(name), [ground.over], [hold('x')]),
    ],
    [
      'whose batch is of an unknown form',
      (ground, name) => overBatch(ground, name, encodeBlock({ v: 9 }, sha256).bytes),
    ],
  ])('%s', { timeout: 60_000 }, async (name, make) => {
    const { bad, child } = await siege.during(() => offer(name, make));
    expect([siege.has(bad), siege.has(child)]).toEqual([false, false]);
  });
});

it('and the node is as it was: it can be stopped and started, and all of it verifies', async () => {
  const before = siege.victim.archive.ledger.size();
  await siege.restart();
  const { ledger } = siege.victim.archive;
  expect(ledger.size()).toBeGreaterThanOrEqual(before);
  for await (const problem of ledger.verify()) expect(problem).toBeUndefined();
  await ledger.append(appendOf('after it'));
});
