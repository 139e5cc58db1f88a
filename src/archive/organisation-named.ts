import { ArchiveError } from '../core/errors.ts';
import type { Ledger } from '../core/ports/ledger.ts';

/**
 * Returns the id of an organisation that is known here: by its id, or by its name where the trust
 * lists vet it. Names of other organisations are in records, and may be given to several.
 *
 * @throws {ArchiveError} `not_found`.
 */
export function organisationNamed(text: string, ledger: Pick<Ledger, 'institutions'>): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  const known = ledger.institutions().find(({ name }) => name === text);
  if (known !== undefined) return known.id;
  throw new ArchiveError(
    'not_found',
    `no vetted institution is called ${JSON.stringify(text)}; give the organisation's id (member list), or leave it out for a new one`,
  );
}
