import { entryHashFromBytes } from '../../core/entries/entry-hash.ts';
import { openCheckpoint } from '../../core/entries/note.ts';
import { fromHex } from '../../core/hash.ts';
import type { Clock } from '../../core/ports/environment.ts';
import type { Signer } from '../../core/ports/keys.ts';
import type {
  Append,
  Appended,
  CheckpointState,
  CosignedNote,
  SignedCheckpoint,
} from '../../core/ports/ledger.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import { readStatement, type Statement } from '../../core/statements/statement.ts';
import { damaged } from '../damaged.ts';
import { verifySignature } from '../keys/verify-signature.ts';
import { readStored, storedStatements } from '../reading/arrivals.ts';
import { sha256 } from '../sha256.ts';
import type { LedgerStore } from '../tables/ledger-store.ts';
import { rootAt } from './arrival-tree.ts';
import { checkpointStatement, ownCheckpoint } from './own-checkpoint.ts';
import { timestamp } from './timestamp.ts';

export interface CheckpointEntry {
  readonly entry: EntryHash;
  readonly checkpoint: SignedCheckpoint;
}

interface StoredCheckpoint extends CheckpointEntry {
  readonly statement: Statement<'checkpoint'>;
}

/** Checkpoints looked back over for who has confirmed what the newest covers. */
const LOOKED_BACK = 64;

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
  async checkpoint(force: boolean, cosigned?: CosignedNote): Promise<CheckpointEntry> {
    const newest = this.#store.checkpoints.newest();
    let made = cosigned === undefined ? undefined : await this.#carry(cosigned, newest);
    if (made === undefined && newest !== undefined) {
      const isOnlyHead = this.#store.heads.count() === 1 && this.#store.heads.has(newest);
      if (isOnlyHead || !(force || this.#store.checkpoints.mattersSince(newest))) {
        const { entry, checkpoint } = this.#read(newest);
        return { entry, checkpoint };
      }
    }
    made ??= await this.#make();
    while (this.#store.heads.count() > 1) made = await this.#make();
    return made;
  }

  /** As {@link Ledger.checkpointState}. */
  state(): CheckpointState {
    const arrival = this.#store.checkpoints.newest();
    if (arrival === undefined) {
      const isDue = this.#store.checkpoints.mattersSince(-1);
      return { isDue, newest: undefined, isWorthConfirming: false, confirmedBy: new Set() };
    }
    const { entry, statement } = this.#read(arrival);
    const { size, note, cosignatures } = statement.body;
    return {
      isDue: this.#store.checkpoints.mattersSince(arrival),
      newest: { entry, size, note, cosignatures, at: statement.at },
      isWorthConfirming: this.#store.checkpoints.mattersSince(-1, size),
      confirmedBy: this.#confirmedBy(arrival),
    };
  }

  /** Whoever confirmed an earlier checkpoint has confirmed a later one over nothing that matters. */
  #confirmedBy(newest: number): ReadonlySet<string> {
    const organisations = new Set<string>();
    let arrival: number | undefined = newest;
    for (let seen = 0; arrival !== undefined && seen < LOOKED_BACK; seen++) {
      for (const { organisation } of this.#read(arrival).statement.body.cosignatures) {
        organisations.add(organisation);
      }
      const before: number | undefined = this.#store.checkpoints.newest(arrival);
      if (before !== undefined && this.#store.checkpoints.mattersSince(before, arrival)) break;
      arrival = before;
    }
    return organisations;
  }

  /** Appends what others have confirmed, if it is still the newest that can be said. */
  async #carry(
    { note, cosignatures }: CosignedNote,
    newest: number | undefined,
  ): Promise<CheckpointEntry | undefined> {
    const { origin, size, root } = openCheckpoint(note, this.#signer.did, verifySignature, sha256);
    const isOfAll = origin === this.#origin && size === this.#store.size();
    const isOfNewest =
      newest !== undefined &&
      !this.#store.checkpoints.mattersSince(newest) &&
      this.#read(newest).checkpoint.note === note;
    if (!isOfAll && !isOfNewest) return undefined;
    const checkpoint = { size, root, note };
    const at = timestamp(this.#clock);
    return this.#appendStatement(checkpoint, checkpointStatement(checkpoint, cosignatures, at));
  }

  async #make(): Promise<CheckpointEntry> {
    const size = this.#store.size();
    const tree = { origin: this.#origin, size, root: rootAt(this.#store, size) };
    const { checkpoint, statement } = ownCheckpoint(tree, this.#signer, timestamp(this.#clock));
    return this.#appendStatement(checkpoint, statement);
  }

  async #appendStatement(
    checkpoint: SignedCheckpoint,
    statement: Append['statements'][number],
  ): Promise<CheckpointEntry> {
    const { entry } = await this.#append({ statements: [statement], records: [], documents: [] });
    return { entry, checkpoint };
  }

  #read(arrival: number): StoredCheckpoint {
    const stored = this.#store.entryAt(arrival);
    if (stored === undefined) throw damaged(`arrival ${arrival} is missing`);
    const [outline] = storedStatements(this.#store, readStored(stored));
    const reading = outline === undefined ? undefined : readStatement(outline);
    if (reading?.outcome !== 'known' || reading.statement.kind !== 'checkpoint') {
      throw damaged(`entry ${arrival} is noted as a checkpoint and is none`);
    }
    const { statement } = reading;
    const { size, root, note } = statement.body;
    const checkpoint = { size, root: fromHex(root) ?? new Uint8Array(0), note };
    return { entry: entryHashFromBytes(stored.cid), checkpoint, statement };
  }
}
