import type { CatalogueFile, CatalogueRow, FileOffer, WalkItem } from '../../core/ports/intake.ts';
import type { Archive } from '../archive.ts';
import { refuseStranger } from '../refuse-stranger.ts';
import type { IngestEvent, IngestRequest } from './ingest-events.ts';
import { IntakeRun } from './intake-run.ts';
import { MissingRows } from './missing-rows.ts';
import { type InspectedGroup, type Offer, storeGroup } from './take-in.ts';

type Parts = Archive;

const GROUP_FILES = 500;
const GROUP_BYTES = 64 * 1024 * 1024;

/**
 * Takes files into the archive: bytes are stored and inspected, then deposited with what their
 * catalogue says, group after group. While one group is recorded, the next is inspected and the one
 * after that is stored.
 *
 * Everything a group has recorded is durable before it is counted. A run that was killed is simply
 * run again: what is known is neither stored nor deposited a second time.
 *
 * Files that cannot be taken are told as `failed` and do not end the run.
 *
 * @throws {ArchiveError} `member_missing`, `screening_unavailable`, `catalogue_invalid`, `usage_invalid`,
 * `disk_full`, `aborted`.
 */
export async function* ingest(request: IngestRequest, parts: Parts): AsyncGenerator<IngestEvent> {
  const started = parts.clock();
  if (!request.dryRun) refuseStranger(parts.ledger);
  const catalogueName = request.catalogue?.path.split(/[\\/]/).at(-1) ?? '';
  const run = new IntakeRun({ ...request, catalogueName }, parts);
  const offers = new Offers(request, parts, run);
  // A crawl is not unpacked a second time for the sake of a percentage.
  const expected =
    request.measured && !request.warc
      ? await measure(request, parts)
      : { expectedFiles: undefined, expectedBytes: undefined };
  await using catalogue = await openCatalogue(request, parts);
  for (const text of catalogue?.warnings ?? []) yield { event: 'warning', text };
  if (request.custody && !parts.ledger.institutions().some(isSelf(parts))) {
    yield {
      event: 'warning',
      text:
        'custody is recorded, but this home acts for no vetted institution, so it counts for nothing ' +
        'in a verdict; found the archive with --institution NAME',
    };
  }
  let inspecting: Promise<InspectedGroup> | undefined;
  let recording: Promise<readonly IngestEvent[]> = Promise.resolve([]);
  const recordInspected = () => {
    recording = inspecting === undefined ? Promise.resolve([]) : run.record(inspecting);
    // The next round awaits it; until then a failure of it is not unhandled.
    void Promise.allSettled([recording]);
  };
  try {
    for await (const group of offers.groups(catalogue)) {
      const stored =
        request.dryRun || group.length === 0 ? undefined : await storeGroup(group, parts, request);
      await parts.intake.discardCrawled(group.map(({ file }) => file));
      yield* await recording;
      yield* run.takeEvents();
      recordInspected();
      inspecting = stored === undefined ? undefined : run.inspect(stored);
      yield { event: 'progress', ...run.progress, ...expected };
    }
    yield* await recording;
    recordInspected();
    yield* await recording;
  } finally {
    // Whatever ends the run, the group that is being recorded is finished first.
    await Promise.allSettled([recording]);
  }
  yield* offers.leftOut();
  yield* run.takeEvents();
  if (catalogue !== undefined) {
    for await (const problem of catalogue.unmatched()) {
      run.fail(`line ${problem.line}`, problem.code, problem.text);
      yield* run.takeEvents();
    }
  }
  if (!request.dryRun) yield* await run.claim();
  yield { event: 'done', ...run.count, seconds: (parts.clock() - started) / 1000 };
}

/** What is offered, in groups, each file with its catalogue row. */
class Offers {
  readonly #request: IngestRequest;
  readonly #parts: Parts;
  readonly #run: IntakeRun;
  readonly #missingRows: MissingRows;
  #linksOutside = 0;

  constructor(request: IngestRequest, parts: Parts, run: IntakeRun) {
    this.#request = request;
    this.#parts = parts;
    this.#run = run;
    this.#missingRows = new MissingRows(run.collection, parts);
  }

  /** Yields what is to be taken in, in groups that fit in memory; an empty one if there is much to tell. */
  async *groups(catalogue: CatalogueFile | undefined): AsyncGenerator<readonly Offer[]> {
    let group: Offer[] = [];
    let bytes = 0;
    for await (const offer of this.#offers(catalogue)) {
      if (offer !== undefined) {
        group.push(offer);
        bytes += offer.file.size;
      }
      const isFull = group.length === GROUP_FILES || bytes >= GROUP_BYTES;
      if (isFull || this.#run.untaken >= GROUP_FILES) {
        yield group;
        group = [];
        bytes = 0;
      }
    }
    if (group.length > 0) yield group;
  }

  /** Yields undefined for what is left out. */
  async *#offers(catalogue: CatalogueFile | undefined): AsyncGenerator<Offer | undefined> {
    for await (const item of offeredFiles(this.#request, this.#parts)) {
      if (item.kind === 'skipped') {
        this.#linksOutside += item.reason === 'link-outside' ? 1 : 0;
        continue;
      }
      this.#run.count.files += 1;
      if (item.kind === 'problem') {
        this.#run.fail(item.relative, item.code, item.text);
        yield undefined;
        continue;
      }
      const row = await this.#rowOf(item, catalogue);
      if (row === 'left-out') {
        yield undefined;
        continue;
      }
      this.#run.count.accepted += 1;
      yield { file: item, row };
    }
  }

  async #rowOf(
    file: FileOffer,
    catalogue: CatalogueFile | undefined,
  ): Promise<CatalogueRow | undefined | 'left-out'> {
    if (catalogue === undefined) return undefined;
    const row = await catalogue.rowFor(file);
    if (row?.kind === 'row') return row;
    if (row?.kind === 'problem') {
      this.#run.fail(file.relative, row.code, row.text);
      return 'left-out';
    }
    this.#missingRows.add(file, catalogue);
    if (this.#request.all) return undefined;
    this.#run.count.uncatalogued += 1;
    if (this.#request.dryRun) {
      this.#run.tell({ event: 'uncatalogued', subject: file.relative });
    }
    return 'left-out';
  }

  /** Returns what was left out without being wrong, once the walk is over. */
  *leftOut(): Iterable<IngestEvent> {
    const missing = this.#missingRows.report();
    if (missing !== undefined) yield { event: 'warning', text: missing };
    if (this.#linksOutside > 0) {
      const text =
        `${this.#linksOutside} links lead out of what was offered and were not followed; ` +
        'offer what they point to, if you want it';
      yield { event: 'warning', text };
    }
  }
}

async function openCatalogue(
  request: IngestRequest,
  { intake }: Pick<Parts, 'intake'>,
): Promise<CatalogueFile | undefined> {
  if (request.catalogue === undefined) return undefined;
  const { path, map } = request.catalogue;
  return intake.openCatalogueFile(path, {
    paths: request.paths,
    ...(map === undefined ? {} : { map }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
}

/** Counts what is offered, so that progress can say how much is left. Reads no file. */
async function measure(
  request: IngestRequest,
  parts: Pick<Parts, 'intake' | 'ownFolders' | 'scratchFolder'>,
): Promise<{ readonly expectedFiles: number; readonly expectedBytes: number }> {
  let expectedFiles = 0;
  let expectedBytes = 0;
  for await (const item of offeredFiles(request, parts)) {
    if (item.kind !== 'file') continue;
    expectedFiles += 1;
    expectedBytes += item.size;
  }
  return { expectedFiles, expectedBytes };
}

/** What lies under the PATHs. The catalogue is about the files, and is none of them. */
function offeredFiles(
  { paths, hidden, catalogue, all, warc = false, signal }: IngestRequest,
  { intake, ownFolders, scratchFolder }: Pick<Parts, 'intake' | 'ownFolders' | 'scratchFolder'>,
): AsyncIterable<WalkItem> {
  const leftOut = all && catalogue !== undefined ? [...ownFolders, catalogue.path] : ownFolders;
  const options = { hidden, exclude: leftOut, ...(signal === undefined ? {} : { signal }) };
  return warc
    ? intake.walkCrawls(paths, { ...options, scratch: scratchFolder })
    : intake.walkFiles(paths, options);
}

function isSelf({ ledger }: Pick<Parts, 'ledger'>) {
  return (institution: { readonly id: string }) => institution.id === ledger.self.organisation;
}
