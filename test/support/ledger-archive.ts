import { join } from 'node:path';
import { type Charter, encodeCharter } from '../../src/core/entries/charter.ts';
import { publicKeyOf } from '../../src/core/entries/did-key.ts';
import { type Entry, signedBytes } from '../../src/core/entries/entry.ts';
import { toEntryHash } from '../../src/core/entries/entry-hash.ts';
import { addressOf, encodeManifest } from '../../src/core/entries/manifest.ts';
import { signCheckpoint } from '../../src/core/entries/note.ts';
import { toHex } from '../../src/core/hash.ts';
import { encodeInstitutions, encodePolicy } from '../../src/core/policy/documents.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import type { Delivery } from '../../src/core/ports/ledger-feed.ts';
import { encodeBatch } from '../../src/core/statements/batch.ts';
import { type Block, encodeBlock } from '../../src/core/statements/block.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { prepareLedger } from '../../src/ledger/founding/prepare-ledger.ts';
import { ledgerOn } from '../../src/ledger/open-ledger.ts';
import { Ancestry } from '../../src/ledger/ruling/ancestry.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { LedgerStore } from '../../src/ledger/tables/ledger-store.ts';
import { MIGRATIONS } from '../../src/ledger/tables/schema.ts';
import { EntryWriter } from '../../src/ledger/writing/write-entry.ts';
import { openDatabase } from '../../src/sqlite/open-database.ts';
import { transaction } from '../../src/sqlite/transaction.ts';
import { fixedClock, seededBytes } from './environs.ts';
import { signerOf } from './keys.ts';

/** An entry that the test has made, as it would come from a peer. */
export interface MadeEntry extends Delivery {
  readonly hash: EntryHash;
  readonly clock: number;
}

/** An archive with several founding stewards, whose entries the test makes by hand. */
export interface TestArchive {
  readonly address: string;
  readonly charter: Charter;
  readonly charterBlock: Block;
  readonly manifest: Block;
  readonly documents: readonly Block[];
  readonly stewards: readonly Signer[];
  readonly founding: MadeEntry;
}

export const AT = '2026-11-22T14:28:34Z';

/** Returns an archive whose stewards are of as many organisations. The first one founds it. */
export function testArchive(...names: readonly [string, ...string[]]): TestArchive {
  const stewards = names.map(signerOf);
  const policies = SHIPPED_POLICIES.map((policy) => encodePolicy(policy, sha256));
  const trust = encodeInstitutions({ v: 1, type: 'institutions', institutions: [] }, sha256);
  const charter: Charter = {
    type: 'ringfence',
    format: 1,
    name: 'Test',
    stewards: stewards.map(({ did }, i) => ({
      id: did,
      key: did,
      organisation: organisationOf(names[i] ?? ''),
    })),
    quorum: 1,
    publicAllowed: true,
    controller: '',
    policies: Object.fromEntries(
      SHIPPED_POLICIES.map((policy, i) => [policy.name, policies[i]?.cid ?? trust.cid]),
    ),
    trust: { institutions: trust.cid },
    nonce: '00'.repeat(16),
  };
  const charterBlock = encodeCharter(charter, sha256);
  const manifest = encodeManifest(charter.name, charterBlock.cid, sha256);
  const address = addressOf(manifest.cid);
  const founder = signerOf(names[0]);
  const origin = `${charterBlock.cid}/${founder.did}/${'00'.repeat(16)}`;
  const root = sha256(new Uint8Array(0));
  const note = signCheckpoint({ origin, size: 0, root }, founder, sha256);
  const statement = createStatement('checkpoint', null, AT, {
    size: 0,
    root: toHex(root),
    note,
    cosignatures: [],
  });
  const founding = makeEntry({ address }, founder, [], [statement]);
  const documents = [...policies, trust];
  return { address, charter, charterBlock, manifest, documents, stewards, founding };
}

export function organisationOf(name: string): string {
  return toHex(sha256(Buffer.from(`organisation ${name}`))).slice(0, 32);
}

/** What a test may get wrong on purpose. */
export interface EntryChanges extends Partial<Record<keyof Entry, unknown>> {
  readonly inline?: boolean;
}

/** Returns an entry as `author` makes it over these parents; `changes` replace fields before signing. */
export function makeEntry(
  archive: { readonly address: string },
  author: Signer,
  parents: readonly Pick<MadeEntry, 'hash' | 'clock'>[],
  statements: readonly StatementOutline[],
  changes: EntryChanges = {},
): MadeEntry {
  const { inline = false, ...fields } = changes;
  const batch = inline ? undefined : encodeBatch(statements, sha256);
  const key = toHex(publicKeyOf(author.did));
  const time = 1 + Math.max(0, ...parents.map((parent) => parent.clock));
  const payload = batch === undefined ? { statement: statements[0] } : { batch: batch.cid };
  const unsigned = {
    id: archive.address,
    payload: { format: 1, ...payload },
    next: parents.map((parent) => parent.hash),
    refs: [],
    clock: { id: key, time },
    v: 2,
    ...fields,
  };
  // What is signed may be wrong on purpose; the encoder takes any plain data.
  const sig = toHex(author.sign(signedBytes(unsigned as unknown as Entry)));
  return madeEntry({ ...unsigned, key, identity: author.did, sig, ...fields }, batch);
}

/** Returns an entry of these fields, signed or not. */
export function madeEntry(fields: Readonly<Record<string, unknown>>, batch?: Block): MadeEntry {
  const { cid, bytes } = encodeBlock(fields, sha256);
  const { clock } = fields;
  const hasTime = typeof clock === 'object' && clock !== null && 'time' in clock;
  return {
    hash: toEntryHash(cid),
    clock: hasTime && typeof clock.time === 'number' ? clock.time : 0,
    bytes,
    blocks: batch === undefined ? [] : [batch],
    records: [],
  };
}

/** Opens a fresh home of the archive that holds its founding entry, in the file `NAME.db` or another. */
export async function openReplica(
  archive: TestArchive,
  folder: string,
  name: string,
  file = name,
): Promise<SqliteLedger> {
  const ledger = emptyReplica(archive, folder, name, file);
  await ledger.importEntries([archive.founding]);
  return ledger;
}

function emptyReplica(
  archive: TestArchive,
  folder: string,
  name: string,
  file: string,
): SqliteLedger {
  const db = openDatabase(join(folder, `${file}.db`), { migrations: MIGRATIONS });
  // The tests are about what is written, not about power cuts.
  db.exec('PRAGMA synchronous=OFF');
  const store = new LedgerStore(db);
  transaction(db, () => {
    prepareLedger(
      store,
      new EntryWriter(store, new Ancestry(store)),
      { manifest: archive.manifest, charter: archive.charterBlock, documents: archive.documents },
      sha256(Buffer.from(file)).subarray(0, 16),
    );
  });
  const randomBytes = seededBytes(file);
  return ledgerOn(db, signerOf(name), { clock: fixedClock, randomBytes });
}
