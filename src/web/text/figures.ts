const LANGUAGE = 'en-GB';
const number = new Intl.NumberFormat(LANGUAGE);
const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });

export function countText(count: number): string {
  return number.format(count);
}

/** Says when something was, by the clock of whoever looks. */
export function timeText(rfc3339: string): string {
  return date.format(new Date(rfc3339));
}
