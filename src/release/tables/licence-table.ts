import { licenceTerms } from './licence-terms.ts';

/** Returns `LICENSES.csv`: a row for each licence of the release (RFC 4180 with single line feeds). */
export function licenceTable(licences: Readonly<Record<string, number>>): string {
  const rows = sortedEntries(licences).map(([licence, count]) => {
    const { url, attribution } = licenceTerms(licence);
    return [licence, url, String(count), attribution ? 'yes' : 'no'].map(quote).join(',');
  });
  return ['spdx_id,url,count,attribution_required', ...rows, ''].join('\n');
}

/** Returns the entries in the order of their keys, which does not depend on a locale. */
export function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function quote(field: string): string {
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
