import { parse as parseEdtf } from 'edtf';
import type { CatalogueDate } from '../../core/ports/intake.ts';
import { boundsOf, type Day } from './edtf-bounds.ts';
import { museumDateToEdtf } from './museum-dates.ts';

/** Longer texts are free text: the grammar behind EDTF takes time that grows with the text. */
const LONGEST = 64;

/** `1920-21` is a season in EDTF and, in every museum, 1920 to 1921. Months (01 to 12) stay months. */
const SHORT_SPAN = /^\d{2}(\d{2})-(\d{2})$/;

/** The parser drops the sign of years before 0 whose known digits are all 0 (`-00XX`). */
const SIGN_LOST = /(^|[/,.[{])[~?%]?-0*X/;

/**
 * Reads a date written in EDTF or in one of the usual museum forms (`museum-dates.ts`). Returns null
 * for free text, for anything longer than 64 characters, and for dates that contradict themselves.
 * Two and three digits alone (century, decade) are not read: a catalogue hardly ever means those.
 */
export function parseDateText(text: string): CatalogueDate | null {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > LONGEST) return null;
  const [, year = '', end = ''] = SHORT_SPAN.exec(trimmed) ?? [];
  const isSpan = end > '12' && end > year;
  return (isSpan ? null : readEdtf(trimmed)) ?? readEdtf(museumDateToEdtf(trimmed) ?? '');
}

function readEdtf(edtf: string): CatalogueDate | null {
  if (edtf === '' || SIGN_LOST.test(edtf)) return null;
  let parsed: unknown;
  try {
    parsed = parseEdtf(edtf);
  } catch {
    return null;
  }
  const bounds = boundsOf(parsed);
  if (bounds === undefined) return null;
  return { edtf, earliest: written(bounds.earliest), latest: written(bounds.latest) };
}

function written(day: Day | null): string | null {
  if (day === null) return null;
  const year = String(Math.abs(day.year)).padStart(4, '0');
  const month = String(day.month).padStart(2, '0');
  return `${day.year < 0 ? '-' : ''}${year}-${month}-${String(day.day).padStart(2, '0')}`;
}
