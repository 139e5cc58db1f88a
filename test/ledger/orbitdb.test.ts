import { EventEmitter } from 'node:events';
import * as dagCbor from '@ipld/dag-cbor';
import {
  createOrbitDB,
  Entry,
  Log,
  MemoryStorage,
  type OrbitIdentity,
  useAccessController,
} from '@orbitdb/core';
import { createHeliaLight, type Helia } from 'helia';
import { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import { didFromPublicKey, publicKeyOf } from '../../src/core/entries/did-key.ts';
import { fromEntryHash, toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { fromHex, toHex } from '../../src/core/hash.ts';
import { type EntryHash, isEntryHash } from '../../src/core/statements/fields.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { appendOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testHome } from '../support/test-home.ts';

/** Checks our keys and signatures in the place where OrbitDB asks for it. */
const identities = {
  verify: async (signature: string, publicKey: string, bytes: Uint8Array) => {
    const [key, made] = [fromHex(publicKey), fromHex(signature)];
    if (key === undefined || made === undefined) return false;
    return verifySignature(didFromPublicKey(key), bytes, made);
  },
};

function reader(): OrbitIdentity {
  const { did } = signerOf('reader');
  const publicKey = toHex(publicKeyOf(did));
  const sign = async () => '';
  return { id: did, hash: did, publicKey, type: 'ringfence', sign, verify: identities.verify };
}

async function hashesOf(ledger: SqliteLedger): Promise<EntryHash[]> {
  const hashes: EntryHash[] = [];
  for await (const { entry } of ledger.arrivals(0)) hashes.push(entry);
  return hashes;
}

it("is read by OrbitDB's own Entry: same hash, same bytes, valid signature", async () => {
  using home = await testHome();
  await using ledger = await home.open();
  await ledger.append(appendOf('a', 'b'));
  await ledger.checkpoint();
  for (const hash of await hashesOf(ledger)) {
    const bytes = ledger.block(fromEntryHash(hash)) ?? new Uint8Array();
    const entry = await Entry.decode(bytes);
    expect(entry.hash).toBe(hash);
    expect(toHex((await Entry.encode(entry)).bytes)).toBe(toHex(bytes));
    expect(await Entry.verify(identities, entry)).toBe(true);
    expect(await Entry.verify(identities, { ...entry, id: 'other' })).toBe(false);
  }
});

it("is joined by OrbitDB's own Log, which then has the same heads and the same order", async () => {
  using home = await testHome();
  await using ledger = await home.open();
  for (const name of ['a', 'b', 'c']) await ledger.append(appendOf(name));
  const hashes = await hashesOf(ledger);
  const entryStorage = await MemoryStorage();
  for (const hash of hashes) await entryStorage.put(hash, ledger.block(fromEntryHash(hash)));
  const log = await Log(reader(), { logId: ledger.address, entryStorage });
  const newest = hashes.at(-1);
  const bytes = newest === undefined ? undefined : ledger.block(fromEntryHash(newest));
  expect(await log.joinEntry(await Entry.decode(bytes ?? new Uint8Array()))).toBe(true);
  expect((await log.values()).map((entry) => entry.hash)).toEqual(hashes);
  expect((await log.heads()).map((entry) => entry.hash)).toEqual([newest]);
  await log.close();
});

it('has the address that OrbitDB computes, and is opened by it from our blocks', async () => {
  using folder = temporaryFolder();
  using home = await testHome();
  await using ledger = await home.open();
  const controller = { type: 'ringfence', address: `/ringfence/${toEntryHash(ledger.charterCid)}` };
  const AccessController = async () => controller;
  useAccessController(Object.assign(() => AccessController, { type: 'ringfence' }));
  const Database = async ({ address, name }: { address: string; name: string }) => ({
    address,
    name,
    events: new EventEmitter(),
    close: async () => undefined,
  });
  const orbitdb = await openOrbitDB(createHeliaLight({ codecs: [dagCbor] }), folder.path);
  const { name } = ledger.charter;
  const made = await orbitdb.open(name, { type: 'ringfence', AccessController, Database });
  expect(made.address).toBe(ledger.address);
  await orbitdb.stop();

  const fresh = createHeliaLight({ codecs: [dagCbor] });
  const manifest = ledger.address.slice('/orbitdb/'.length);
  if (!isEntryHash(manifest)) throw new Error(`${manifest} is no hash`);
  const cid = fromEntryHash(manifest);
  await fresh.blockstore.put(CID.parse(cid), ledger.block(cid) ?? new Uint8Array());
  const second = await openOrbitDB(fresh, folder.path);
  const opened = await second.open(ledger.address, { Database });
  expect(opened).toMatchObject({ address: ledger.address, name });
  await second.stop();
});

/** OrbitDB over Helia's blocks and pins; of the network it only remembers who it is. */
function openOrbitDB({ blockstore, pins }: Helia, directory: string) {
  const ipfs = { blockstore, pins, libp2p: { peerId: 'offline' } };
  return createOrbitDB({ ipfs, identity: reader(), identities: {}, directory });
}
