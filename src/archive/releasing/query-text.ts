import { commitName, saltedId } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';
import { collectionOf } from '../taking/deposit-of.ts';
import type { CutRequest } from './cut-release.ts';

/**
 * Returns a filter as a release tells it for ever: names and words as the salted ids by which this home's
 * ledger knows them, all else as it is. Empty for a filter that narrows nothing.
 */
export function queryText(
  { text, maker, collection, ...plain }: CutRequest['filter'],
  sample: number | undefined,
  parts: Pick<Archive, 'ledger' | 'sha256'>,
): string {
  const { ledger, sha256 } = parts;
  const told = {
    ...plain,
    ...(sample === undefined ? {} : { sample }),
    ...(text === undefined ? {} : { text: saltedId(text, ledger.salt('item', text), sha256) }),
    ...(maker === undefined
      ? {}
      : { maker: commitName(maker, ledger.salt('maker', maker), sha256).slice(0, 32) }),
    ...(collection === undefined ? {} : { collection: collectionOf(collection, parts).id }),
  };
  return Object.keys(told).length === 0 ? '' : JSON.stringify(told);
}
