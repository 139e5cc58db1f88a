import { ArchiveError } from '../core/errors.ts';
import type { BodyOf } from '../core/statements/kinds.ts';
import type { Archive } from './archive.ts';
import { knownAsset } from './known-assets.ts';
import { oneAsset, type Stated, stateAbout } from './state-about.ts';

/** How a thing stems from another; `taintThrough` says what each hands on. */
export type Relation = BodyOf<'derivation'>['relation'];

/**
 * Records that one asset stems from another; the statement is durable when the promise resolves.
 *
 * @throws {ArchiveError} `not_found` if either is not here, `usage_invalid` if both are the same.
 */
export async function derive(
  request: { readonly child: string; readonly parent: string; readonly relation: Relation },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<Stated> {
  const { catalog } = archive;
  const child = knownAsset(request.child, catalog);
  const parent = knownAsset(request.parent, catalog);
  if (child === parent) throw new ArchiveError('usage_invalid', 'an asset cannot stem from itself');
  const body = { parent, relation: request.relation, action: null };
  return stateAbout('derivation', () => body, { subject: oneAsset(child) }, archive);
}
