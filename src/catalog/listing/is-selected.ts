import { LEVELS, type Level } from '../../core/policy/documents.ts';
import type { SelectionFilter } from '../../core/ports/release-candidates.ts';
import type { DepositRecord } from '../../core/statements/record.ts';
import type { AssetWords } from '../reading/asset-reader.ts';
import { makerKey } from '../rows/words.ts';

/**
 * Says whether an asset fits what a filter asks of its size, level and words. What is not told does not
 * fit: an undated work is of no year. Words are asked for only where the filter has something about them.
 */
export function isSelected(
  { bytes, level: least, language, years, tags }: SelectionFilter,
  size: number,
  level: Level,
  words: () => readonly AssetWords[],
): boolean {
  if (bytes !== undefined && (size < bytes.least || size > bytes.most)) return false;
  if (least !== undefined && LEVELS.indexOf(level) < LEVELS.indexOf(least)) return false;
  if (language === undefined && years === undefined && tags === undefined) return true;
  const records = words().flatMap(({ record }) => record ?? []);
  if (language !== undefined && !records.some((one) => isIn(one.language, language))) return false;
  if (years !== undefined && !records.some((one) => isOf(one, years))) return false;
  if (tags === undefined) return true;
  const known = new Set(records.flatMap((one) => one.tags.map(makerKey)));
  return tags.every((tag) => known.has(makerKey(tag)));
}

/** `en` finds `en-GB`, and not the other way round (RFC 4647 §3.3.1). */
function isIn(language: string, range: string): boolean {
  const [own, wanted] = [language.toLowerCase(), range.toLowerCase()];
  return own === wanted || own.startsWith(`${wanted}-`);
}

/** All of the time in which the work can have been made has to lie in these years. */
function isOf(
  { earliest, latest }: Pick<DepositRecord, 'earliest' | 'latest'>,
  { from, to }: NonNullable<SelectionFilter['years']>,
): boolean {
  const [first, last] = [yearOf(earliest), yearOf(latest)];
  return first !== undefined && last !== undefined && first >= from && last <= to;
}

function yearOf(day: string): number | undefined {
  const year = /^(-?\d{4,6})(-|$)/.exec(day)?.[1];
  return year === undefined ? undefined : Number(year);
}
