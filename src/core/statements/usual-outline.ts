import { type Cid, CODEC, codecOf, isCid } from '../cid.ts';
import { isTimestamp } from './fields.ts';
import { isMap, KIND_NAME, MAX_VERSION, type StatementOutline } from './statement.ts';

/**
 * Says of plain data whether it keeps the frozen outline, for statements as nearly all of them are: not
 * signed or carried elsewhere. Whatever else there is, right or wrong, is for the schema to read; a
 * test holds the two together. It is here because a partner reads millions of them.
 */
export function isUsualOutline(value: unknown): value is StatementOutline {
  if (!isMap(value)) return false;
  const { kind, v, about, at, body } = value;
  return (
    Object.keys(value).length === 5 &&
    typeof kind === 'string' &&
    KIND_NAME.test(kind) &&
    Number.isInteger(v) &&
    Number(v) >= 1 &&
    Number(v) <= MAX_VERSION &&
    isUsualSubject(about) &&
    isTimestamp(at) &&
    isMap(body)
  );
}

function isUsualSubject(about: unknown): boolean {
  if (about === null) return true;
  if (!isMap(about) || Object.keys(about).length !== 1) return false;
  const { asset, set } = about;
  return set === undefined ? isCid(asset) && !isDocument(asset) : isCid(set) && isDocument(set);
}

function isDocument(cid: Cid): boolean {
  return codecOf(cid) === CODEC.dagCbor;
}
