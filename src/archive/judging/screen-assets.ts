import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import type { Alarm } from '../../core/ports/screening.ts';
import { currentFindings } from '../../core/provenance/current-findings.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { alone, appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

type Parts = Pick<Archive, 'content' | 'catalog' | 'ledger' | 'screening' | 'clock'>;

/** Stored bytes, and what has been seen in them just now. */
export interface ToScreen {
  readonly asset: Cid;
  readonly size: number;
  readonly sha256: string;
  readonly findings?: readonly Pick<Finding, 'inspector' | 'facts'>[] | undefined;
}

/** An asset that was put into quarantine, and for what. */
export interface Quarantined extends Alarm {
  readonly asset: Cid;
}

/**
 * Returns what is raised against stored bytes and is not in quarantine for it yet, or was: what somebody has
 * looked at and let go is not raised again for the same reason by the same signature.
 *
 * @throws {ArchiveError} `screening_unavailable`: what is configured must have been asked.
 */
export async function alarmsOf(
  { asset, size, sha256, findings = [] }: ToScreen,
  { content, catalog, screening }: Omit<Parts, 'ledger' | 'clock'>,
  signal?: AbortSignal,
): Promise<readonly Quarantined[]> {
  if (!screening.isConfigured) return [];
  const facts = catalog.facts(asset);
  const seen = [...findings, ...(facts === undefined ? [] : currentFindings(facts))];
  const pdq = seen.find(({ inspector }) => inspector === 'fingerprints')?.facts['pdq'];
  const bytes = () => content.read(asset, signal === undefined ? {} : { signal });
  const screened = { sha256, size, pdq: typeof pdq === 'string' ? pdq : undefined, bytes };
  const alarms = await screening.screen(screened, signal);
  const stated = facts === undefined ? [] : factsOf(facts, 'quarantine');
  return alarms
    .filter(({ reason, tool }) =>
      stated.every(({ body }) => body.reason !== reason || body.tool !== tool),
    )
    .map((alarm) => ({ ...alarm, asset }));
}

/** Returns the statements by which assets are put into quarantine. */
export function quarantineSayings(
  raised: readonly Quarantined[],
  { clock }: Pick<Parts, 'clock'>,
): readonly Saying[] {
  return raised.map(({ asset, reason, tool }) => ({
    statement: createStatement('quarantine', { asset }, timestampOf(clock), {
      ...{ reason, tool, record: null },
    }),
  }));
}

export interface ScreenedAll {
  readonly screened: number;
  readonly quarantined: number;
  /** Assets whose bytes are not here. */
  readonly absent: number;
}

/**
 * Screens every asset whose bytes are here, and puts into quarantine what is raised; each group is durable
 * before the next begins.
 *
 * @throws {ArchiveError} `usage_invalid` where nothing is configured, `screening_unavailable`, `aborted`.
 */
export async function screenAll(
  parts: Parts,
  telling: { readonly signal: AbortSignal; item(one: Quarantined): Promise<void> },
): Promise<ScreenedAll> {
  const { catalog, content, ledger, screening } = parts;
  if (!screening.isConfigured) {
    throw new ArchiveError(
      'usage_invalid',
      'nothing is configured to screen with; name clamd or hash lists under "screening" in ringfence.json',
    );
  }
  const done = { screened: 0, quarantined: 0, absent: 0 };
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; ) {
    isFirst = false;
    const page = catalog.list({}, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    const raised: Quarantined[] = [];
    for (const { cid: asset, size, status } of page.assets) {
      telling.signal.throwIfAborted();
      const sha256 = catalog.asset(asset)?.sha256;
      if (status === 'removed') continue;
      if (sha256 === undefined || !(await content.has(asset))) done.absent += 1;
      else {
        raised.push(...(await alarmsOf({ asset, size, sha256 }, parts, telling.signal)));
        done.screened += 1;
      }
    }
    await appendAll(ledger, alone([...quarantineSayings(raised, parts)]));
    await catalog.catchUp();
    for (const one of raised) await telling.item(one);
    done.quarantined += new Set(raised.map(({ asset }) => asset)).size;
    cursor = page.cursor;
  }
  return done;
}
