const FORMS: readonly RegExp[] = [
  /^(\d{4})[:/-](\d\d)[:/-](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/,
  /^D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d'?\d\d)?'?/,
  /^(\d{4})(\d\d)(\d\d)$/,
];

/**
 * Returns a date of EXIF, XMP, PDF, IPTC or a tag in the form of ISO 8601, with the offset where one is
 * stated, or undefined if it is no day of the calendar. Without an offset the time is local.
 */
export function normalDate(text: string): string | undefined {
  for (const form of FORMS) {
    const match = form.exec(text.trim());
    if (match === null) continue;
    const [, year, month, day, hour, minute, second = '00', zone = ''] = match;
    const date = `${year}-${month}-${day}`;
    const time = hour === undefined ? '' : `T${hour}:${minute}:${second}${offsetOf(zone)}`;
    const read = Date.parse(`${date}T00:00:00Z`);
    const isReal = !Number.isNaN(read) && new Date(read).toISOString().startsWith(date);
    return isReal && !Number.isNaN(Date.parse(date + time)) ? date + time : undefined;
  }
  return undefined;
}

function offsetOf(zone: string): string {
  return zone.replace("'", '').replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
}
