import type { Cid } from '../core/cid.ts';
import type { ErrorCode } from '../core/errors.ts';
import type {
  CatalogueFile,
  CatalogueRow,
  FileOffer,
  RowProblem,
  WalkItem,
} from '../core/ports/intake.ts';
import { factsOf } from '../core/provenance/facts.ts';
import { encodeRecord } from '../core/statements/record.ts';
import { createStatement } from '../core/statements/statement.ts';
import { alone, appendAll, type Saying } from './append-all.ts';
import type { Archive } from './archive.ts';
import { ClaimSets, claimedType } from './claim-sets.ts';
import { type Collection, collectionOf } from './deposit-of.ts';
import { holdSayings, type Match, unheldMatches } from './hold-matches.ts';
import type { IngestEvent, IngestRequest } from './ingest-events.ts';
import { alarmsOf, type Quarantined, quarantineSayings } from './judging/screen-assets.ts';
import { MissingRows } from './missing-rows.ts';
import { timestampOf } from './now.ts';
import { type Recorded, recordsOf } from './record-deposits.ts';
import {
  type InspectedGroup,
  inspectGroup,
  type Offer,
  type StoredGroup,
  storeGroup,
  type TakenIn,
  takeIn,
} from './take-in.ts';

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
 * @throws {ArchiveError} `screening_unavailable`, `catalogue_invalid`, `usage_invalid`, `disk_full`, `aborted`.
 */
export async function* ingest(request: IngestRequest, parts: Parts): AsyncGenerator<IngestEvent> {
  const started = parts.clock();
  const run = new Run(request, parts);
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
    for await (const group of run.groups(catalogue)) {
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
  yield* run.leftOut();
  yield* run.takeEvents();
  if (catalogue !== undefined) {
    for await (const problem of catalogue.unmatched()) {
      run.failRow(problem);
      yield* run.takeEvents();
    }
  }
  if (!request.dryRun) yield* await run.claim();
  yield { event: 'done', ...run.count, seconds: (parts.clock() - started) / 1000 };
}

class Run {
  readonly count = {
    files: 0,
    accepted: 0,
    stored: 0,
    duplicates: 0,
    uncatalogued: 0,
    failed: 0,
    bytes: 0,
    entries: 0,
    deposits: 0,
    described: 0,
    declared: 0,
    custody: 0,
  };
  progress = { files: 0, bytes: 0 };
  readonly #request: IngestRequest;
  readonly #parts: Parts;
  readonly #claims = new ClaimSets();
  readonly #collection: Collection;
  readonly #missingRows: MissingRows;
  readonly #catalogueName: string;
  #isCollectionKnown: boolean;
  /** Assets that are being inspected, and not in the catalog yet. */
  readonly #inspecting = new Set<Cid>();
  #linksOutside = 0;
  #events: IngestEvent[] = [];

  constructor(request: IngestRequest, parts: Parts) {
    this.#request = request;
    this.#parts = parts;
    this.#collection = collectionOf(request.collection, parts);
    this.#missingRows = new MissingRows(this.#collection, parts);
    this.#catalogueName = request.catalogue?.path.split(/[\\/]/).at(-1) ?? '';
    this.#isCollectionKnown = parts.catalog
      .collections()
      .some((known) => known.id === this.#collection.id);
  }

  /** Returns what happened since the last call. */
  takeEvents(): readonly IngestEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
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
      if (isFull || this.#events.length >= GROUP_FILES) {
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
      this.count.files += 1;
      if (item.kind === 'problem') {
        this.#fail(item.relative, item.code, item.text);
        yield undefined;
        continue;
      }
      const row = await this.#rowOf(item, catalogue);
      if (row === 'left-out') {
        yield undefined;
        continue;
      }
      this.count.accepted += 1;
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
      this.#fail(file.relative, row.code, row.text);
      return 'left-out';
    }
    this.#missingRows.add(file, catalogue);
    if (this.#request.all) return undefined;
    this.count.uncatalogued += 1;
    if (this.#request.dryRun) {
      this.#events.push({ event: 'uncatalogued', subject: file.relative });
    }
    return 'left-out';
  }

  /** Begins to inspect a stored group, while those before it are being recorded. */
  inspect(group: StoredGroup): Promise<InspectedGroup> {
    const assets = group.files.map(({ stored }) => stored.cid);
    const known = new Set([
      ...assets.filter((asset) => this.#inspecting.has(asset)),
      ...this.#parts.catalog.known(assets),
    ]);
    for (const asset of assets) this.#inspecting.add(asset);
    const inspecting = inspectGroup(group, (asset) => known.has(asset), this.#parts, this.#request);
    // `record` awaits it; until then a failure of it is not unhandled.
    void Promise.allSettled([inspecting]);
    return inspecting;
  }

  /** Records an inspected group; its statements are durable when this resolves. */
  async record(inspecting: Promise<InspectedGroup>): Promise<readonly IngestEvent[]> {
    const { taken, refused } = takeIn(await this.#whole(await inspecting), this.#parts);
    const units: (readonly Saying[])[] = this.#isCollectionKnown
      ? []
      : [[this.#collectionSaying()]];
    const records = recordsOf(taken, this.#collection, this.#catalogueName, this.#parts);
    const matches = await this.#matchesOf(records);
    const alarms = await this.#alarmsIn(taken);
    const held: Match[] = [];
    for (const { file, asset, outcome, known, sayings } of records) {
      // One hold comes with the deposit, or a killed run would leave it without any.
      const [hold, ...more] = holdSayings(matches.get(asset) ?? [], this.#parts);
      // So does its quarantine, or somebody would be given it in between.
      const quarantine = quarantineSayings(alarms.get(asset) ?? [], this.#parts);
      alarms.delete(asset);
      units.push(
        [...sayings, ...(hold === undefined ? [] : [hold]), ...quarantine],
        ...alone(more),
      );
      held.push(...(matches.get(asset) ?? []));
      matches.delete(asset);
      const isNew = file.findings !== undefined;
      this.count.stored += isNew ? 1 : 0;
      this.count.duplicates += isNew ? 0 : 1;
      this.count.bytes += file.stored.addedBytes > 0 ? file.stored.size : 0;
      this.count.deposits += outcome === 'deposited' ? 1 : 0;
      this.count.described += outcome === 'described' ? 1 : 0;
      if (file.row !== undefined && !(known?.declared && this.#isDeclared(asset, file.row))) {
        this.#claims.addDeclaration(asset, file.row);
      }
      if (this.#request.custody && known?.custody !== true)
        this.#claims.addCustody(asset, file.row);
      this.progress.files += 1;
      this.progress.bytes += file.stored.size;
    }
    for (const { file, error } of refused) this.#fail(file.relative, error.code, error.message);
    await this.#append(units);
    this.#isCollectionKnown = true;
    for (const match of held) this.#events.push({ event: 'match', ...match });
    for (const { stored } of taken) this.#inspecting.delete(stored.cid);
    return this.takeEvents();
  }

  /** Returns what is raised against each asset of a group; one that came before is not screened again. */
  async #alarmsIn(taken: readonly TakenIn[]): Promise<Map<Cid, readonly Quarantined[]>> {
    const alarms = new Map<Cid, readonly Quarantined[]>();
    for (const { stored, sha256, findings } of taken) {
      if (findings === undefined) continue;
      const screened = { asset: stored.cid, size: stored.size, sha256, findings };
      const raised = await alarmsOf(screened, this.#parts, this.#request.signal);
      alarms.set(stored.cid, raised);
      for (const one of raised) this.#events.push({ event: 'quarantined', ...one });
    }
    return alarms;
  }

  /** Returns what each asset that is deposited now is to be held for. */
  async #matchesOf(records: readonly Recorded[]): Promise<Map<Cid, readonly Match[]>> {
    const deposited = records.filter(({ outcome }) => outcome === 'deposited');
    const compared = deposited.map(({ file, asset }) => ({
      ...{ asset, findings: file.findings, isDeposited: true },
    }));
    return new Map(await unheldMatches(compared, this.#parts));
  }

  /** Whether this home's organisation has declared what the row says; a corrected row says more. */
  #isDeclared(asset: Cid, row: CatalogueRow): boolean {
    const { catalog, ledger } = this.#parts;
    const facts = catalog.facts(asset);
    if (facts === undefined) return false;
    const type = claimedType(row);
    return factsOf(facts, 'declaration').some(
      ({ organisation, carried, body }) =>
        organisation === ledger.self.organisation && !carried && body.digitalSourceType === type,
    );
  }

  /** An asset left to the group before is inspected here after all if that group has refused it. */
  async #whole(group: InspectedGroup): Promise<InspectedGroup> {
    const left = group.files.map(({ stored }) => stored.cid).filter((cid) => !group.fresh.has(cid));
    const known = this.#parts.catalog.known(left);
    const isKnown = (asset: Cid) => group.fresh.has(asset) || known.has(asset);
    const { fresh } = await inspectGroup(group, isKnown, this.#parts, this.#request);
    return fresh.size === 0 ? group : { ...group, fresh: new Map([...group.fresh, ...fresh]) };
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

  /** States, once for the whole run, what the catalogue claims and what is in custody. */
  async claim(): Promise<readonly IngestEvent[]> {
    await this.#append(alone(this.#claims.sayings(this.#parts)));
    Object.assign(this.count, this.#claims.counts);
    if (this.#claims.withoutSourceType > 0) {
      this.#events.push({
        event: 'warning',
        text:
          `custody is not stated for ${this.#claims.withoutSourceType} of the files, because nothing ` +
          'says how they were made; give the catalogue a column digital_source_type with an IPTC term ' +
          '(digitalCapture for a photograph, print for a scan of a print, digitalCreation for what was ' +
          'made on a computer), or the mapping a constant, and run again',
      });
    }
    return this.takeEvents();
  }

  async #append(units: Iterable<readonly Saying[]>): Promise<void> {
    this.count.entries += await appendAll(this.#parts.ledger, units);
    await this.#parts.catalog.catchUp();
  }

  #collectionSaying(): Saying {
    const { ledger, clock, randomBytes, sha256 } = this.#parts;
    const { id, name } = this.#collection;
    const salt = ledger.salt('collection', name);
    const record = encodeRecord({ type: 'name', name, salt }, randomBytes(16), sha256);
    return {
      statement: createStatement('collection', null, timestampOf(clock), {
        collection: id,
        visibility: 'organisation',
        readers: [],
        record: record.cid,
      }),
      records: [record],
    };
  }

  failRow(problem: RowProblem): void {
    this.#fail(`line ${problem.line}`, problem.code, problem.text);
  }

  #fail(subject: string, code: ErrorCode, text: string): void {
    this.count.failed += 1;
    this.#events.push({ event: 'failed', code, subject, text });
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
