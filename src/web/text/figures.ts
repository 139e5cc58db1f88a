const LANGUAGE = 'en-GB';
const number = new Intl.NumberFormat(LANGUAGE);
const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'long' });
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function countText(count: number): string {
  return number.format(count);
}

/** Says when something was, by the clock of whoever looks. */
export function timeText(rfc3339: string): string {
  return date.format(new Date(rfc3339));
}

/** Says on which day something is, likewise. */
export function dayText(rfc3339: string): string {
  return day.format(new Date(rfc3339));
}

/** Says how many bytes, in powers of a thousand. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(LANGUAGE, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power);
}
