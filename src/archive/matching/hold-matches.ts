import type { Cid } from '../../core/cid.ts';
import type { Distances, Likeness } from '../../core/likeness/likeness.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { alone, appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

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
  { findings, isDeposited = false }: Omit<Compared, 'asset'> = {},
): Promise<readonly HeldMatch[]> {
  const matches: HeldMatch[] = [];
  const own = sidesOf(asset, catalog);
  for (const { cid, likeness, distances } of await catalog.alike(asset, findings)) {
    const other = sidesOf(cid, catalog);
    const add = (deposited: Cid, registered: Cid) => {
      const hold = holdOf(deposited, registered, catalog);
      matches.push({ deposited, registered, likeness, distances, hold });
    };
    if ((own.isDeposited || isDeposited) && other.isRegistered) add(asset, cid);
    if (own.isRegistered && other.isDeposited) add(cid, asset);
  }
  return matches;
}

/** An asset that is compared with the registry, and what of it the catalog has not projected yet. */
export interface Compared {
  readonly asset: Cid;
  readonly findings?: readonly Finding[] | undefined;
  /** It is deposited together with what holds it. */
  readonly isDeposited?: boolean;
}

/**
 * Returns for each asset the matches, on either side of the registry, for which nothing holds what is
 * deposited yet. Empty where nothing is registered, or where this home may not hold anything.
 */
export async function unheldMatches(
  compared: Iterable<Compared>,
  parts: Pick<Parts, 'catalog' | 'ledger'>,
): Promise<ReadonlyMap<Cid, readonly Match[]>> {
  const { catalog, ledger } = parts;
  const unheld = new Map<Cid, readonly Match[]>();
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  if (!roles.some((role) => KINDS.hold.roles.includes(role))) return unheld;
  if (catalog.said('synthetic').next().done === true) return unheld;
  for (const one of compared) {
    const matches = await matchesOf(one.asset, parts, one);
    unheld.set(
      one.asset,
      matches.filter(({ hold }) => hold === undefined).map(({ hold: _none, ...match }) => match),
    );
  }
  return unheld;
}

/**
 * Holds what is like something registered as generated, among these assets and all that are like them:
 * once for each pair, whoever said it; only those that are meant. Returns the matches that were not held before.
 *
 * A hold brands nobody: either may be the source. It ends by the dismissal of two organisations.
 */
export async function holdMatches(
  assets: Iterable<Cid>,
  parts: Parts,
  isMeant: (match: Match) => boolean = () => true,
): Promise<readonly Match[]> {
  const compared = [...assets].map((asset) => ({ asset }));
  const fresh = new Map<string, Match>();
  for (const matches of (await unheldMatches(compared, parts)).values()) {
    for (const match of matches.filter(isMeant)) {
      fresh.set(`${match.deposited} ${match.registered}`, match);
    }
  }
  if (fresh.size === 0) return [];
  await appendAll(parts.ledger, alone(holdSayings(fresh.values(), parts)));
  await parts.catalog.catchUp();
  return [...fresh.values()];
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

/** Returns the statements that hold what is deposited, one for each match. */
export function holdSayings(
  matches: Iterable<Match>,
  parts: Pick<Parts, 'clock' | 'randomBytes' | 'sha256'>,
): Saying[] {
  return Array.from(matches, (match) => holdSaying(match, parts));
}

function holdSaying(
  match: Match,
  { clock, randomBytes, sha256 }: Pick<Parts, 'clock' | 'randomBytes' | 'sha256'>,
): Saying {
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
