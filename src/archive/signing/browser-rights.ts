import type { Did } from '../../core/entries/did-key.ts';
import { covers } from '../../core/entries/governance/titles.ts';
import { ArchiveError } from '../../core/errors.ts';
import { KINDS, type KindName, type Role } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { grantMember, revokeMember } from '../governing/members.ts';

type Parts = Pick<Archive, 'ledger' | 'browsers' | 'clock' | 'randomBytes' | 'sha256'>;

/** What a browser can be: it looks at works and says what it sees, and rules nobody. */
const OF_BROWSERS = ['reviewer', 'archivist'] as const;

/**
 * Lets the key of a browser that is signed in here say these kinds in the ledger, as this home's member: it
 * is granted the least role that it lacks, when it first signs what takes it. Durable when the promise
 * resolves.
 *
 * @throws {ArchiveError} `not_allowed` for a key of no browser that is signed in now, and for a kind that
 * this home itself may not say, or that is said by homes alone.
 */
export async function letBrowserSay(
  key: Did,
  kinds: ReadonlySet<KindName>,
  parts: Parts,
): Promise<void> {
  const { ledger, browsers } = parts;
  if (!browsers.list().some((browser) => browser.key === key)) {
    throw refused(`${key} is no browser that is signed in here; sign it in with a new link`);
  }
  for (const kind of kinds) {
    const { roles }: { readonly roles: readonly Role[] } = KINDS[kind];
    const has = ledger.memberOf(key)?.roles ?? [];
    if (has.some((one) => roles.includes(one))) continue;
    const own = ledger.memberOf(ledger.self.did);
    const role = OF_BROWSERS.find((one) => roles.includes(one) && covers(own?.roles ?? [], one));
    if (own === undefined || role === undefined || KINDS[kind].governance) {
      throw refused(`a browser does not say a ${kind} for this home`);
    }
    const { id, organisation } = own;
    await grantMember({ id, key, role, organisation, replica: 'none' }, parts);
  }
}

/**
 * Takes the rights in the ledger from browsers that are signed in here no longer: what they have said so far
 * stands. Durable when the promise resolves with how many that were.
 *
 * @throws {ArchiveError} as `revokeMember`.
 */
export async function retireBrowsers(parts: Parts): Promise<number> {
  const { ledger, browsers } = parts;
  const signedIn = new Set(browsers.list().map(({ key }) => key));
  const gone = ledger.browserKeys().filter((key) => !signedIn.has(key));
  for (const key of gone) {
    const id = ledger.memberOf(key)?.id;
    if (id !== undefined) await revokeMember({ id, key }, parts);
  }
  return gone.length;
}

function refused(problem: string): ArchiveError {
  return new ArchiveError('not_allowed', problem);
}
