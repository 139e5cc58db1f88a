import type { Cid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { BodyOf } from '../core/statements/kinds.ts';
import type { Archive } from './archive.ts';
import { knownAsset } from './known-assets.ts';
import { oneAsset, type Stated, stateAbout } from './state-about.ts';

/** How a thing stems from another; `taintThrough` says what each hands on. */
export type Relation = BodyOf<'derivation'>['relation'];

/** CIDs, as they were typed, of an asset and of what it stems from. */
export interface FamilyNamed {
  readonly child: string;
  readonly parent: string;
}

/**
 * Records that one asset stems from another; the statement is durable when the promise resolves.
 *
 * @throws {ArchiveError} `not_found` if either is not here, `usage_invalid` if both are the same.
 */
export async function derive(
  { relation, ...named }: FamilyNamed & { readonly relation: Relation },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<Stated> {
  const { child, parent } = familyNamed(named, archive.catalog);
  const body = { parent, relation, action: null };
  return stateAbout('derivation', () => body, { subject: oneAsset(child) }, archive);
}

/**
 * Returns the two assets that are named.
 *
 * @throws {ArchiveError} `not_found` if either is not here, `usage_invalid` if both are the same.
 */
export function familyNamed(
  named: FamilyNamed,
  catalog: Pick<Archive['catalog'], 'has'>,
): { readonly child: Cid; readonly parent: Cid } {
  const child = knownAsset(named.child, catalog);
  const parent = knownAsset(named.parent, catalog);
  if (child === parent) throw new ArchiveError('usage_invalid', 'an asset cannot stem from itself');
  return { child, parent };
}
