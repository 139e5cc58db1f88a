import type { ReleaseMember } from '../core/ports/release.ts';
import { licenceTerms } from './licence-terms.ts';

/** Characters that would break a line, or turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/** Returns title, makers, source and licence as one line of text, whatever is in them. */
export function attributionOf({ title, creators, source, licence }: ReleaseMember): string {
  const { url } = licenceTerms(licence);
  const terms = url === '' || url === licence ? licence : `${licence} (${url})`;
  const makers = creators.length === 0 ? 'an unnamed maker' : creators.join('; ');
  const from = source === '' ? '' : `, from ${source}`;
  return `"${title}" by ${makers}${from}, ${terms}`.replaceAll(UNPRINTABLE, ' ').trim();
}
