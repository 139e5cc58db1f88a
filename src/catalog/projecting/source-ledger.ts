import type { Ledger } from '../../core/ports/ledger.ts';

/** What the catalog reads of the ledger. */
export type SourceLedger = Pick<
  Ledger,
  | 'address'
  | 'self'
  | 'size'
  | 'arrivals'
  | 'changes'
  | 'record'
  | 'lateRecords'
  | 'lateRecordCount'
  | 'setMembers'
  | 'block'
  | 'isAncestor'
  | 'institutions'
  | 'credentialList'
  | 'policies'
>;
