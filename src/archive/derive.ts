import { ArchiveError } from '../core/errors.ts';
import type { BodyOf } from '../core/statements/kinds.ts';
import { createStatement } from '../core/statements/statement.ts';
import type { Archive } from './archive.ts';
import { knownAsset } from './known-assets.ts';
import { timestampOf } from './now.ts';

/** How a thing stems from another; `taintThrough` says what each hands on. */
export type Relation = BodyOf<'derivation'>['relation'];

/**
 * Records that one asset stems from another; the statement is durable when the promise resolves.
 *
 * @throws {ArchiveError} `not_found` if either is not here, `usage_invalid` if both are the same.
 */
export async function derive(
  request: { readonly child: string; readonly parent: string; readonly relation: Relation },
  { ledger, catalog, clock }: Pick<Archive, 'ledger' | 'catalog' | 'clock'>,
): Promise<{ readonly entry: string }> {
  const child = knownAsset(request.child, catalog);
  const parent = knownAsset(request.parent, catalog);
  if (child === parent) throw new ArchiveError('usage_invalid', 'an asset cannot stem from itself');
  const statement = createStatement('derivation', { asset: child }, timestampOf(clock), {
    parent,
    relation: request.relation,
    action: null,
  });
  const { entry } = await ledger.append({ statements: [statement], records: [], documents: [] });
  await catalog.catchUp();
  return { entry };
}
