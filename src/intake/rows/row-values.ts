import { parseSourceType } from '../../core/policy/source-types.ts';
import * as fields from '../../core/statements/fields.ts';
import { quote } from '../quote.ts';
import { RowFault } from './row-fault.ts';

/** Readers of single values: text in, value or {@link RowFault}. */

/** The longest text that a record beside the ledger holds. */
const LONGEST_TEXT = 10_000;
const LONGEST_URL = 2048;
const LONGEST_LANGUAGE = 64;

export function readText(text: string): string {
  if (text.length > LONGEST_TEXT) {
    throw new RowFault(`has ${text.length} characters; at most ${LONGEST_TEXT} can be kept`);
  }
  if (text.includes('\0')) throw new RowFault(`${quote(text)} holds a zero byte; take it out`);
  return text;
}

export function readNatural(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new RowFault(`${quote(text)} is not a whole number; write digits only`);
}

export function readSha256(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new RowFault(`${quote(text)} is not a SHA-256; write 64 hexadecimal digits`);
}

export function readSynthetic(text: string): 'no' | 'yes' | 'mixed' {
  const word = text.toLowerCase();
  if (word === 'no' || word === 'yes' || word === 'mixed') return word;
  throw new RowFault(`${quote(text)} is not an answer; write no, yes or mixed`);
}

export function readUrl(text: string): string {
  const isWeb = /^https?:\/\//i.test(text) && URL.canParse(text);
  if (isWeb && text.length <= LONGEST_URL) return text;
  throw new RowFault(`${quote(text)} is not a web address; write http:// or https:// and the rest`);
}

export function readMediaType(text: string): string {
  const type = (text.split(';')[0] ?? '').trim().toLowerCase();
  if (fields.mediaType.safeParse(type).success) return type;
  throw new RowFault(`${quote(text)} is not a media type; write one like image/jpeg`);
}

/** A known term in any spelling or by its bare name, or a term of the same schemes that is not known yet. */
export function readSourceType(text: string): string {
  const known = parseSourceType(text) ?? parseSourceType(`digsrctype:${text}`);
  const uri = known?.uri ?? text.replace(/^https:/, 'http:').replace(/\/+$/, '');
  if (fields.digitalSourceType.safeParse(uri).success) return uri;
  throw new RowFault(
    `${quote(text)} is not a digital source type; write an IPTC term such as digitalCapture or digitalCreation`,
  );
}

/** BCP 47 in canonical letter case where it is that; a language in words is kept as it is. */
export function readLanguage(text: string): string {
  if (text.length > LONGEST_LANGUAGE) {
    throw new RowFault(`${quote(text)} is too long; write a language tag such as en or pt-BR`);
  }
  try {
    return Intl.getCanonicalLocales(text)[0] ?? text;
  } catch {
    return text;
  }
}
