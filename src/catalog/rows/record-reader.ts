import type { Cid } from '../../core/cid.ts';
import { type Did, isDid } from '../../core/entries/did-key.ts';
import type { Arrival, Ledger } from '../../core/ports/ledger.ts';
import type { DepositRecord, RecordData } from '../../core/statements/record.ts';

/** Reads records of the sort that is expected; another sort counts as not there. */
export class RecordReader {
  readonly #ledger: Pick<Ledger, 'record'>;
  #atHand: Arrival['records'] = new Map();

  constructor(ledger: Pick<Ledger, 'record'>) {
    this.#ledger = ledger;
  }

  /** To be called with each entry: its records that came with it are not read from the ledger. */
  open(arrival: Arrival): void {
    this.#atHand = arrival.records;
  }

  deposit(cid: Cid): DepositRecord | undefined {
    const record = this.#read(cid);
    return record?.type === 'deposit' ? record : undefined;
  }

  name(cid: Cid): string | undefined {
    const record = this.#read(cid);
    return record?.type === 'name' ? record.name : undefined;
  }

  /** Returns who signed the envelope in a record. */
  signer(cid: Cid): Did | undefined {
    const record = this.#read(cid);
    return record?.type === 'envelope' && isDid(record.signer) ? record.signer : undefined;
  }

  #read(cid: Cid): RecordData | undefined {
    return this.#atHand.get(cid) ?? this.#ledger.record(cid);
  }
}
