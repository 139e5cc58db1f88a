import type { ReleaseMember } from '../core/ports/release.ts';
import { licenceTerms } from './licence-terms.ts';

/** Characters that would break a line, or turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns title, makers, source and licence as one line of text, whatever is in them. */
export function attributionOf({ title, makers: named, source, licence }: ReleaseMember): string {
  const { url } = licenceTerms(licence);
  const terms = url === '' || url === licence ? licence : `${licence} (${url})`;
  const makers = namesOf(named) || 'an unnamed maker';
  const from = source === '' ? '' : `, from ${source}`;
  return `"${title}" by ${makers}${from}, ${terms}`.replaceAll(UNPRINTABLE, ' ').trim();
}

/** Returns the names of makers as one text; of erased records nothing is known. */
export function namesOf(makers: ReleaseMember['makers']): string {
  return makers.flatMap(({ name }) => (name === '' ? [] : [name])).join('; ');
}
