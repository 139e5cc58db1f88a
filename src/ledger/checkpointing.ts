import { entryHashFromBytes } from '../core/entries/entry-hash.ts';
import { fromHex } from '../core/hash.ts';
import type { Clock } from '../core/ports/environment.ts';
import type { Signer } from '../core/ports/keys.ts';
import type { Append, Appended, SignedCheckpoint } from '../core/ports/ledger.ts';
import type { EntryHash } from '../core/statements/fields.ts';
import { readStatement } from '../core/statements/statement.ts';
import { rootAt } from './arrival-tree.ts';
import { readStored, storedStatements } from './arrivals.ts';
import { damaged } from './damaged.ts';
import type { LedgerStore } from './ledger-store.ts';
import { ownCheckpoint } from './own-checkpoint.ts';
import { timestamp } from './timestamp.ts';

export interface CheckpointEntry {
  readonly entry: EntryHash;
  readonly checkpoint: SignedCheckpoint;
}

/** This home's checkpoints over its own arrival log (ledger.md §5, §6). Calls must not overlap. */
export class Checkpointing {
  readonly #store: LedgerStore;
  readonly #signer: Signer;
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #append: (append: Append) => Promise<Appended>;

  constructor(options: {
    readonly store: LedgerStore;
    readonly signer: Signer;
    /** Names this home's tree. */
    readonly origin: string;
    readonly clock: Clock;
    readonly append: (append: Append) => Promise<Appended>;
  }) {
    this.#store = options.store;
    this.#signer = options.signer;
    this.#origin = options.origin;
    this.#clock = options.clock;
    this.#append = options.append;
  }

  /** As {@link Ledger.checkpoint}. */
  async checkpoint(force: boolean): Promise<CheckpointEntry> {
    const newest = this.#store.newestCheckpoint();
    if (newest !== undefined) {
      const isOnlyHead = this.#store.headCount() === 1 && this.#store.isHead(newest);
      if (isOnlyHead || !(force || this.#store.mattersSince(newest))) return this.#read(newest);
    }
    for (;;) {
      const made = await this.#make();
      if (this.#store.headCount() === 1) return made;
    }
  }

  async #make(): Promise<CheckpointEntry> {
    const size = this.#store.size();
    const tree = { origin: this.#origin, size, root: rootAt(this.#store, size) };
    const { checkpoint, statement } = ownCheckpoint(tree, this.#signer, timestamp(this.#clock));
    const { entry } = await this.#append({ statements: [statement], records: [], documents: [] });
    return { entry, checkpoint };
  }

  #read(arrival: number): CheckpointEntry {
    const stored = this.#store.entryAt(arrival);
    if (stored === undefined) throw damaged(`arrival ${arrival} is missing`);
    const [outline] = storedStatements(this.#store, readStored(stored));
    const reading = outline === undefined ? undefined : readStatement(outline);
    if (reading?.outcome !== 'known' || reading.statement.kind !== 'checkpoint') {
      throw damaged(`entry ${arrival} is noted as a checkpoint and is none`);
    }
    const { size, root, note } = reading.statement.body;
    const checkpoint = { size, root: fromHex(root) ?? new Uint8Array(0), note };
    return { entry: entryHashFromBytes(stored.cid), checkpoint };
  }
}
