import type { ReleaseMember } from '../../core/ports/release.ts';
import { licenceTerms } from './licence-terms.ts';

/** Characters that would break a line, or turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Returns an asset's CID with title, makers, source and licence as one line of text, whatever is in
 * them; nothing where the licence asks for none.
 */
export function attributionLine({
  cid,
  title,
  makers: named,
  source,
  licence,
}: ReleaseMember): string {
  const { url, attribution } = licenceTerms(licence);
  if (!attribution) return '';
  const terms = url === '' || url === licence ? licence : `${licence} (${url})`;
  const makers = namesOf(named) || 'an unnamed maker';
  const from = source === '' ? '' : `, from ${source}`;
  const line = `${cid} "${title}" by ${makers}${from}, ${terms}`;
  return `${line.replaceAll(UNPRINTABLE, ' ').trim()}\n`;
}

/**
 * Returns a line of `descriptions.jsonl`: what records say of an asset in words, with the CIDs of these
 * records, so that it can be found when one of them is erased. Every value is a string.
 */
export function descriptionLine(member: ReleaseMember): string {
  const { cid, title, makers, source, made, records } = member;
  const line = {
    key: cid,
    title,
    creator: namesOf(makers),
    source,
    // Loaders take what is called "date" for one, and lose "c. 1890".
    ...{ made: made.text, made_from: made.earliest, made_to: made.latest },
    records: records.join(' '),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Returns the names of makers as one text; of erased records nothing is known. */
function namesOf(makers: ReleaseMember['makers']): string {
  return makers.flatMap(({ name }) => (name === '' ? [] : [name])).join('; ');
}
