import type { Cid } from '../../core/cid.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { findingSaying } from '../inspecting/finding-of.ts';
import { ingredientSayings, type Together, togetherOf } from '../inspecting/ingredient-sayings.ts';
import { timestampOf } from '../now.ts';
import { inspectGroup, type Offer, storeGroup, type TakenIn, takeIn } from '../taking/take-in.ts';
import { holdMatches, type Match } from './hold-matches.ts';

export interface SyntheticRequest {
  readonly paths: readonly string[];
  /** The generator's name as a code, such as `comfyui` or `gpt-3`. */
  readonly generator: string;
  readonly signal?: AbortSignal | undefined;
}

export type SyntheticEvent =
  | {
      readonly event: 'failed';
      readonly code: ErrorCode;
      readonly subject: string;
      readonly text: string;
    }
  | { readonly event: 'registered'; readonly cid: Cid; readonly subject: string }
  | ({ readonly event: 'match' } & Match)
  | {
      readonly event: 'done';
      readonly files: number;
      readonly registered: number;
      /** Files whose asset this home had registered under this generator before. */
      readonly known: number;
      readonly failed: number;
      readonly entries: number;
    };

const GROUP_FILES = 200;

/**
 * Registers files as output of a generator, so that they are recognised when they are offered as
 * human work. The bytes are kept and inspected; nothing is deposited. What is in the archive already
 * and like one of them is held.
 */
export async function* registerSynthetic(
  request: SyntheticRequest,
  parts: Archive,
): AsyncGenerator<SyntheticEvent> {
  const count = { files: 0, registered: 0, known: 0, failed: 0, entries: 0 };
  for await (const group of groupsOf(request, parts, count)) {
    if ('event' in group) {
      yield group;
      continue;
    }
    const stored = await storeGroup(group, parts, request);
    const known = parts.catalog.known(stored.files.map((file) => file.stored.cid));
    const isKnown = (asset: Cid) => known.has(asset);
    const { taken, refused } = takeIn(await inspectGroup(stored, isKnown, parts, request), parts);
    const units: (readonly Saying[])[] = [];
    const seen = new Set<string>();
    const together = togetherOf(
      taken.map(({ stored: { cid: asset }, findings }) => ({ asset, findings })),
    );
    for (const file of taken) {
      const isSeen = seen.has(file.stored.cid);
      const own = isSeen ? [] : sayingsOf(file, request.generator, together, parts);
      seen.add(file.stored.cid);
      units.push(own);
      count.registered += own.length > 0 ? 1 : 0;
      count.known += own.length > 0 ? 0 : 1;
    }
    count.entries += await appendAll(parts.ledger, units);
    await parts.catalog.catchUp();
    for (const file of taken) {
      yield { event: 'registered', cid: file.stored.cid, subject: file.file.relative };
    }
    const assets = new Set(taken.map((file) => file.stored.cid));
    for (const match of await holdMatches(assets, parts)) yield { event: 'match', ...match };
    for (const { file, error } of refused) {
      count.failed += 1;
      yield { event: 'failed', code: error.code, subject: file.relative, text: error.message };
    }
  }
  yield { event: 'done', ...count };
}

async function* groupsOf(
  request: SyntheticRequest,
  { intake, ownFolders }: Pick<Archive, 'intake' | 'ownFolders'>,
  count: { files: number; failed: number },
): AsyncGenerator<readonly Offer[] | Extract<SyntheticEvent, { event: 'failed' }>> {
  let group: Offer[] = [];
  const { paths, signal } = request;
  const options = { exclude: ownFolders, ...(signal === undefined ? {} : { signal }) };
  for await (const item of intake.walkFiles(paths, options)) {
    if (item.kind === 'skipped') continue;
    count.files += 1;
    if (item.kind === 'problem') {
      count.failed += 1;
      yield { event: 'failed', code: item.code, subject: item.relative, text: item.text };
      continue;
    }
    group.push({ file: item, row: undefined });
    if (group.length === GROUP_FILES) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

function sayingsOf(
  file: TakenIn,
  generator: string,
  together: Together,
  parts: Archive,
): readonly Saying[] {
  const asset = file.stored.cid;
  const at = timestampOf(parts.clock);
  const known = parts.catalog.facts(asset)?.known.synthetic ?? [];
  const isKnown = known.some(
    (fact) => fact.author === parts.ledger.self.did && fact.body.generator === generator,
  );
  if (isKnown) return [];
  const findings =
    file.findings === undefined
      ? []
      : [
          findingSaying(asset, file.findings, at, parts),
          ...ingredientSayings(asset, file.findings, at, parts, together),
        ];
  return [
    ...findings,
    {
      statement: createStatement('synthetic', { asset }, at, {
        generator,
        basis: 'registrant',
        mixed: false,
        record: null,
      }),
    },
  ];
}
