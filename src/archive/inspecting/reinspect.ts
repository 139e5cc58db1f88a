import type { Cid } from '../../core/cid.ts';
import { canonicalJson, type Json } from '../../core/dataset/canonical-json.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Finding, InspectionRequest } from '../../core/ports/inspector.ts';
import { currentFindings } from '../../core/provenance/current-findings.ts';
import type { AssetFacts } from '../../core/provenance/facts.ts';
import { alone, appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { holdSayings, unheldMatches } from '../matching/hold-matches.ts';
import { timestampOf } from '../now.ts';
import { togetherOf } from './ingredient-sayings.ts';
import { inspectedSayings } from './inspected-sayings.ts';

/** Assets that are inspected together. */
const GROUP = 128;

export interface ReinspectRequest {
  /** These assets; undefined for every asset of the archive. */
  readonly assets?: readonly Cid[] | undefined;
  /** These inspectors; undefined for all of them. */
  readonly inspectors?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: { readonly files: number }) => void) | undefined;
}

export interface Reinspected {
  /** Assets whose bytes were looked at again. */
  readonly assets: number;
  /** Assets of which something else is said now. */
  readonly changed: number;
  /** Assets that could not be looked at, since their bytes are not here. */
  readonly absent: number;
  readonly entries: number;
}

type Parts = Pick<
  Archive,
  'content' | 'inspectors' | 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'
>;

/**
 * Inspects stored assets again and records what is otherwise than before. Asked about the whole archive
 * it looks where a finding is missing, of an older version, decided with another trust list or cut short;
 * asked about assets or inspectors by name it looks at all of them. Nothing is written where nothing changed.
 *
 * What is recorded is durable, and in the catalog, when the promise resolves.
 *
 * @throws {ArchiveError} `usage_invalid` for an inspector there is none of; `aborted`, `disk_full`;
 * `statement_rejected` if this home's role may not record findings.
 */
export async function reinspect(request: ReinspectRequest, parts: Parts): Promise<Reinspected> {
  const names = namesOf(request, parts);
  const done = { assets: 0, changed: 0, absent: 0, entries: 0 };
  for await (const group of groupsOf(request, names, parts)) {
    request.signal?.throwIfAborted();
    const requests = (await Promise.all(group.map((asset) => requestFor(asset, parts)))).filter(
      (one) => one !== undefined,
    );
    done.absent += group.length - requests.length;
    const { signal } = request;
    const answers = await parts.inspectors.inspect(requests, {
      inspectors: names,
      ...(signal === undefined ? {} : { signal }),
    });
    const changed = requests.flatMap(({ cid }, place) =>
      changesOf(cid, answers[place] ?? [], parts),
    );
    done.assets += requests.length;
    done.changed += changed.length;
    done.entries += await appendAll(parts.ledger, await unitsOf(changed, parts));
    // What one group's credentials show, such as whose a manifest is, the next one is compared with.
    await parts.catalog.catchUp(signal === undefined ? {} : { signal });
    request.onProgress?.({ files: done.assets });
  }
  return done;
}

function namesOf({ inspectors }: ReinspectRequest, parts: Parts): readonly string[] {
  const known = parts.inspectors.versions.map(({ name }) => name);
  const unknown = inspectors?.find((name) => !known.includes(name));
  if (unknown === undefined) return inspectors ?? known;
  throw new ArchiveError(
    'usage_invalid',
    `there is no inspector ${JSON.stringify(unknown)}; there are ${known.join(', ')}`,
  );
}

async function* groupsOf(
  request: ReinspectRequest,
  names: readonly string[],
  parts: Parts,
): AsyncGenerator<readonly Cid[]> {
  if (request.assets !== undefined) {
    for (let at = 0; at < request.assets.length; at += GROUP) {
      yield request.assets.slice(at, at + GROUP);
    }
    return;
  }
  const isAsked = (asset: Cid) => request.inspectors !== undefined || isStale(asset, names, parts);
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; ) {
    isFirst = false;
    const limit = { limit: GROUP, ...(cursor === undefined ? {} : { cursor }) };
    const page = parts.catalog.list({}, limit);
    const group = page.assets
      .filter(({ cid, status }) => status !== 'removed' && isAsked(cid))
      .map(({ cid }) => cid);
    if (group.length > 0) yield group;
    cursor = page.cursor;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Reasons of `unreadable` that lie in the run or in what is installed, not in the bytes. */
const OF_THE_RUN: readonly unknown[] = ['time', 'memory', 'crashed', 'io', 'tool-missing'];

function isStale(
  asset: Cid,
  names: readonly string[],
  { catalog, inspectors, ledger }: Parts,
): boolean {
  const facts = catalog.facts(asset);
  if (facts === undefined) return false;
  const current = new Map(currentFindings(facts).map((finding) => [finding.inspector, finding]));
  const list = ledger.credentialList()?.cid ?? null;
  return inspectors.versions.some(({ name, version }) => {
    if (!names.includes(name)) return false;
    const finding = current.get(name);
    if (finding === undefined || finding.version < version) return true;
    const { trustList, reason } = finding.facts;
    if (finding.outcome === 'unreadable' && OF_THE_RUN.includes(reason)) return true;
    return finding.outcome === 'found' && trustList !== undefined && trustList !== list;
  });
}

async function requestFor(asset: Cid, parts: Parts): Promise<InspectionRequest | undefined> {
  const view = parts.catalog.asset(asset);
  if (view === undefined) return undefined;
  try {
    const segments = await parts.content.locate(asset);
    const size = segments.reduce((sum, { length }) => sum + length, 0);
    return { cid: asset, size, segments, filename: view.deposits[0]?.filename ?? '' };
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'block_missing') return undefined;
    throw error;
  }
}

interface Changed {
  readonly asset: Cid;
  readonly findings: readonly Finding[];
  readonly facts: AssetFacts;
}

/** Returns what was found of an asset now that was not said before. */
function changesOf(asset: Cid, findings: readonly Finding[], { catalog }: Parts): Changed[] {
  const facts = catalog.facts(asset);
  const changed = facts === undefined ? [] : changedFindings(findings, facts);
  return facts === undefined || changed.length === 0 ? [] : [{ asset, findings: changed, facts }];
}

/** Returns what is to be said of each asset, with what holds it if it is like a registered work. */
async function unitsOf(
  changed: readonly Changed[],
  parts: Parts,
): Promise<readonly (readonly Saying[])[]> {
  const unheld = await unheldMatches(changed, parts);
  const together = togetherOf(changed);
  return changed.flatMap(({ asset, findings, facts }) => {
    const at = timestampOf(parts.clock);
    const said = inspectedSayings(asset, findings, facts, at, parts, together);
    const [hold, ...more] = holdSayings(unheld.get(asset) ?? [], parts);
    return [hold === undefined ? said : [...said, hold], ...alone(more)];
  });
}

function changedFindings(findings: readonly Finding[], facts: AssetFacts): readonly Finding[] {
  const current = new Map(currentFindings(facts).map((finding) => [finding.inspector, finding]));
  return findings.filter((finding) => {
    const before = current.get(finding.inspector);
    if (before !== undefined && before.version > finding.version) return false;
    // What is not installed here says nothing against what was seen elsewhere.
    const isLess = before?.version === finding.version && before.outcome !== 'unreadable';
    if (isLess && finding.facts['reason'] === 'tool-missing') return false;
    return before === undefined || textOf(before) !== textOf(finding);
  });
}

function textOf({
  version,
  outcome,
  facts,
}: Pick<Finding, 'version' | 'outcome' | 'facts'>): string {
  // Facts are plain JSON.
  return canonicalJson({ version, outcome, facts } as Json);
}
