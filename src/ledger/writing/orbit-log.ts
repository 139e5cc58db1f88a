import type { OrbitEntry, OrbitIdentity, OrbitStorage } from '@orbitdb/core';
import { publicKeyOf } from '../../core/entries/did-key.ts';
import type { Entry } from '../../core/entries/entry.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { encodeBlock } from '../../core/statements/block.ts';
import { type EntryHash, isEntryHash } from '../../core/statements/fields.ts';
import { sha256 } from '../sha256.ts';

/** OrbitDB's log, as far as it is used: it makes, orders and signs entries; what it stores is ours. */
export interface OrbitLogOptions {
  readonly address: string;
  readonly signer: Signer;
  /** The heads that the next entry has as parents: 1 to 16. */
  readonly heads: () => readonly EntryHash[];
  readonly entryBytes: (hash: EntryHash) => Uint8Array | undefined;
  /** The access controller: returns the entry, or throws why it is not acceptable. */
  readonly accept: (bytes: Uint8Array) => Entry;
}

/** An entry that is signed and acceptable and not stored yet. */
export interface DraftEntry {
  readonly hash: EntryHash;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
}

/** Makes the next entry over the heads as they are then. Calls must not overlap. */
export type DraftEntryOf = (payload: unknown) => Promise<DraftEntry>;

/**
 * Opens OrbitDB's log over the stored entries and returns the one thing we ask of it.
 *
 * The log reads heads and entries through our storages and its writes end in the draft, so that the
 * caller can make entry, batch and all the rest durable in one transaction. The library is loaded
 * here, not before, and of it only the log: the rest (sync, storages) takes longer than opening the ledger.
 */
export async function openOrbitLog(options: OrbitLogOptions): Promise<DraftEntryOf> {
  const { Log } = await import('@orbitdb/core/src/oplog/index.js');
  const written = new Map<string, unknown>();
  let accepted: Entry | undefined;
  const log = await Log(toIdentity(options.signer), {
    logId: options.address,
    access: {
      canAppend: async (entry) => {
        accepted = options.accept(encodeBlock(entry, sha256).bytes);
        return true;
      },
    },
    entryStorage: storage({
      get: (hash) => (isEntryHash(hash) ? options.entryBytes(hash) : undefined),
      put: (hash, bytes) => written.set(hash, bytes),
    }),
    headsStorage: storage({ get: () => headsBlock(options.heads()) }),
    indexStorage: storage({
      get: (hash) => (isEntryHash(hash) && options.entryBytes(hash) ? true : undefined),
    }),
    sortFn: byClockThenHash,
  });
  return async (payload) => {
    written.clear();
    const { hash } = await log.append(payload, { referencesCount: 0 });
    const bytes = written.get(hash);
    if (!isEntryHash(hash) || !(bytes instanceof Uint8Array) || accepted === undefined) {
      throw new ArchiveError('internal', 'OrbitDB made an entry and did not store it');
    }
    return { hash, bytes, entry: accepted };
  };
}

/** A total order, unlike the library's own: clock time, then the entry's hash (ledger.md §1). */
function byClockThenHash(a: OrbitEntry, b: OrbitEntry): number {
  if (a.clock.time !== b.clock.time) return a.clock.time - b.clock.time;
  return (a.hash ?? '') < (b.hash ?? '') ? -1 : 1;
}

function toIdentity(signer: Signer): OrbitIdentity {
  return {
    id: signer.did,
    hash: signer.did,
    publicKey: toHex(publicKeyOf(signer.did)),
    type: 'ringfence',
    sign: async (_identity, bytes) => toHex(signer.sign(bytes)),
  };
}

const encoder = new TextEncoder();

/** The heads as OrbitDB's own storage would hold them: JSON under one key. */
function headsBlock(heads: readonly EntryHash[]): Uint8Array {
  return encoder.encode(JSON.stringify(heads.map((hash) => ({ hash, next: [] }))));
}

/** A storage that answers from ours; nothing is deleted or listed through it. */
function storage(ours: {
  readonly get: (key: string) => unknown;
  readonly put?: (key: string, value: unknown) => void;
}): OrbitStorage {
  return {
    get: async (key) => ours.get(key),
    put: async (key, value) => ours.put?.(key, value),
    del: refuse,
    clear: refuse,
    merge: refuse,
    iterator: () => {
      throw new ArchiveError('internal', 'OrbitDB listed a storage of the ledger');
    },
    close: async () => undefined,
  };
}

async function refuse(): Promise<never> {
  throw new ArchiveError('internal', 'OrbitDB changed a storage of the ledger');
}
