import type { Cid } from '../core/cid.ts';
import type { Ledger } from '../core/ports/ledger.ts';
import type { DepositRecord } from '../core/statements/record.ts';

/** Reads records of the sort that is expected; another sort counts as not there. */
export class RecordReader {
  readonly #ledger: Pick<Ledger, 'record'>;

  constructor(ledger: Pick<Ledger, 'record'>) {
    this.#ledger = ledger;
  }

  deposit(cid: Cid): DepositRecord | undefined {
    const record = this.#ledger.record(cid);
    return record?.type === 'deposit' ? record : undefined;
  }

  name(cid: Cid): string | undefined {
    const record = this.#ledger.record(cid);
    return record?.type === 'name' ? record.name : undefined;
  }
}
