import type { Clock } from '../core/ports/environment.ts';
import type { Appended, Ledger } from '../core/ports/ledger.ts';
import type { Block } from '../core/statements/block.ts';
import type { BodyOf, KindName } from '../core/statements/kinds.ts';
import { createStatement } from '../core/statements/statement.ts';
import { timestampOf } from './now.ts';

/** Appends one statement that is about no asset, in an entry of its own. Durable when it resolves. */
export async function say<K extends KindName>(
  kind: K,
  body: BodyOf<K>,
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'append'>; readonly clock: Clock },
  bring: { readonly records?: readonly Block[]; readonly documents?: readonly Block[] } = {},
): Promise<Appended & { readonly id: string }> {
  const statement = createStatement(kind, null, timestampOf(clock), body);
  const { records = [], documents = [] } = bring;
  const appended = await ledger.append({ statements: [statement], records, documents });
  return { ...appended, id: `${appended.entry}/0` };
}
