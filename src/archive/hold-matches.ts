import type { Cid } from '../core/cid.ts';
import type { Distances, Likeness } from '../core/likeness/likeness.ts';
import { factsOf } from '../core/provenance/facts.ts';
import { KINDS } from '../core/statements/kinds.ts';
import { encodeRecord } from '../core/statements/record.ts';
import { createStatement } from '../core/statements/statement.ts';
import { alone, appendAll, type Saying } from './append-all.ts';
import type { Archive } from './archive.ts';
import { timestampOf } from './now.ts';

/** A deposited asset that is like one that is registered as generated. */
export interface Match {
  readonly deposited: Cid;
  readonly registered: Cid;
  readonly likeness: Likeness;
  readonly distances: Distances;
}

/** A match with the statement that holds the deposited asset for it; undefined if none does. */
export interface HeldMatch extends Match {
  readonly hold: string | undefined;
}

type Parts = Pick<Archive, 'catalog' | 'ledger' | 'clock' | 'randomBytes' | 'sha256'>;

/** Days for both sides to answer. */
const ANSWER_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Before the CID of the registered asset, in the reason of a hold: how one pair is known again. */
const REASON = 'registered-as-generated:';

/**
 * Returns what links an asset to the registry of generated works: of a deposited asset the registered
 * ones it is like, of a registered one the deposited. The same bytes are not among them; those the
 * verdict knows by the registration itself.
 */
export async function matchesOf(
  asset: Cid,
  { catalog }: Pick<Archive, 'catalog'>,
): Promise<readonly HeldMatch[]> {
  const matches: HeldMatch[] = [];
  const own = sidesOf(asset, catalog);
  for (const { cid, likeness, distances } of await catalog.alike(asset)) {
    const other = sidesOf(cid, catalog);
    const add = (deposited: Cid, registered: Cid) => {
      const hold = holdOf(deposited, registered, catalog);
      matches.push({ deposited, registered, likeness, distances, hold });
    };
    if (own.isDeposited && other.isRegistered) add(asset, cid);
    if (own.isRegistered && other.isDeposited) add(cid, asset);
  }
  return matches;
}

/**
 * Holds what is like something registered as generated, among these assets and all that are like them:
 * once for each pair, whoever said it. Returns the matches that were not held before.
 *
 * A hold brands nobody: either may be the source. It ends by the dismissal of two organisations.
 */
export async function holdMatches(assets: Iterable<Cid>, parts: Parts): Promise<readonly Match[]> {
  const { catalog, ledger } = parts;
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  if (!roles.some((role) => KINDS.hold.roles.includes(role)) || isRegistryEmpty(catalog)) return [];
  const fresh = new Map<string, Match>();
  for (const asset of assets) {
    for (const match of await matchesOf(asset, parts)) {
      if (match.hold === undefined) fresh.set(`${match.deposited} ${match.registered}`, match);
    }
  }
  if (fresh.size === 0) return [];
  await appendAll(ledger, alone([...fresh.values()].map((match) => holdSaying(match, parts))));
  await catalog.catchUp();
  return [...fresh.values()];
}

function isRegistryEmpty(catalog: Pick<Archive['catalog'], 'list'>): boolean {
  return catalog.list({ status: 'synthetic' }, { limit: 1 }).assets.length === 0;
}

function sidesOf(asset: Cid, catalog: Pick<Archive['catalog'], 'abstraction'>) {
  const input = catalog.abstraction(asset)?.input;
  return {
    isDeposited: (input?.deposits.length ?? 0) > 0,
    isRegistered: input?.registrations.some(({ endedBy }) => endedBy.length === 0) ?? false,
  };
}

function holdOf(deposited: Cid, registered: Cid, catalog: Pick<Archive['catalog'], 'facts'>) {
  const facts = catalog.facts(deposited);
  const holds = facts === undefined ? [] : factsOf(facts, 'hold');
  return holds.find(({ body }) => body.source === 'match' && body.reason === REASON + registered)
    ?.id;
}

function holdSaying(match: Match, { clock, randomBytes, sha256 }: Parts): Saying {
  const deadline = timestampOf(() => clock() + ANSWER_DAYS * DAY_MS);
  const text = `${matchText(match)} Either may be the source; the depositor and whoever registered it are asked, until ${deadline}.`;
  const record = encodeRecord({ type: 'note', text }, randomBytes(16), sha256);
  const statement = createStatement('hold', { asset: match.deposited }, timestampOf(clock), {
    reason: REASON + match.registered,
    source: 'match',
    deadline,
    record: record.cid,
  });
  return { statement, records: [record] };
}

/** Says how near two assets are, in a sentence. */
export function matchText({ deposited, registered, likeness, distances }: Match): string {
  const what = likeness === 'same' ? 'the same work as' : 'likely made from, or the source of,';
  const bits = Object.entries(distances).map(([code, distance]) => `${code} ${distance}`);
  return `${deposited} is ${what} ${registered}, which is registered as generated (bits of 256 that differ: ${bits.join(', ')}).`;
}
