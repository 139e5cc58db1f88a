import { type Cid, parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Block } from '../../core/statements/block.ts';
import { createSet } from '../../core/statements/set.ts';
import type { About } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';

/** Assets by their CIDs, or a set that the ledger holds. */
export type SubjectRequest = { readonly assets: readonly string[] } | { readonly set: string };

/** What a statement is about, with what has to come with it. */
export interface Subject {
  readonly about: NonNullable<About>;
  readonly members: readonly Cid[];
  /** The set with its pages, where it is new. */
  readonly documents: readonly Block[];
}

/**
 * Returns what is meant: one asset, or a frozen set of several.
 *
 * @throws {ArchiveError} `input_invalid` for what is no CID, `not_found` for what is not here.
 */
export async function subjectOf(
  request: SubjectRequest,
  { ledger, catalog, sha256 }: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): Promise<Subject> {
  if ('set' in request) {
    const set = parseCid(request.set);
    if (ledger.block(set) === undefined) {
      throw new ArchiveError('not_found', `no set ${set} is in this archive; give a file of CIDs`);
    }
    return { about: { set }, members: await ledger.setMembers(set), documents: [] };
  }
  const assets = new Set(request.assets.map((text) => knownAsset(text, catalog)));
  return subjectOfAll(assets, sha256);
}

/** Returns the subject that is these assets together: the one, or a frozen set. There is one at least. */
export function subjectOfAll(assets: ReadonlySet<Cid>, sha256: Archive['sha256']): Subject {
  const members = [...assets];
  const [asset] = members;
  if (members.length === 1 && asset !== undefined)
    return { about: { asset }, members, documents: [] };
  const set = createSet(members, sha256);
  return { about: { set: set.cid }, members, documents: set.blocks };
}
