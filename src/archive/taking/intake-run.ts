import type { Cid } from '../../core/cid.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { CatalogueRow } from '../../core/ports/intake.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { alone, appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { alarmsOf, type Quarantined, quarantineSayings } from '../judging/screen-assets.ts';
import { holdSayings, type Match, unheldMatches } from '../matching/hold-matches.ts';
import { ClaimSets, claimedType } from './claim-sets.ts';
import { collectionSaying } from './collection-saying.ts';
import { type Collection, collectionOf } from './deposit-of.ts';
import type { IngestEvent } from './ingest-events.ts';
import { type Recorded, recordsOf } from './record-deposits.ts';
import {
  type InspectedGroup,
  inspectGroup,
  type StoredGroup,
  type TakenIn,
  takeIn,
} from './take-in.ts';

type Parts = Archive;

/** What holds for everything that a run takes in. */
interface RunTerms {
  readonly collection: string;
  /** Name of the catalogue that the rows are from, for the records; empty where there is none. */
  readonly catalogueName: string;
  /** States custody of this home's organisation over everything that is deposited or found deposited. */
  readonly custody: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The one way in, behind the storing of bytes: stored groups are inspected and recorded, and what their
 * rows claim is stated once at the end. Two runs at once would each deposit what both find new.
 */
export class IntakeRun {
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
  readonly collection: Collection;
  readonly #terms: RunTerms;
  readonly #parts: Parts;
  readonly #onRecorded: (recorded: Recorded) => void;
  readonly #claims = new ClaimSets();
  #isCollectionKnown: boolean;
  /** Assets that are being inspected, and not in the catalog yet. */
  readonly #inspecting = new Set<Cid>();
  #events: IngestEvent[] = [];

  /** `onRecorded` hears of each file when what is said of it is durable. */
  constructor(terms: RunTerms, parts: Parts, onRecorded: (recorded: Recorded) => void = () => {}) {
    this.#terms = terms;
    this.#parts = parts;
    this.#onRecorded = onRecorded;
    this.collection = collectionOf(terms.collection, parts);
    this.#isCollectionKnown = parts.catalog
      .collections()
      .some((known) => known.id === this.collection.id);
  }

  /** Returns what happened since the last call. */
  takeEvents(): readonly IngestEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** How many events there are to be taken. */
  get untaken(): number {
    return this.#events.length;
  }

  tell(event: IngestEvent): void {
    this.#events.push(event);
  }

  /** Counts something that cannot be taken, and has it told. */
  fail(subject: string, code: ErrorCode, text: string): void {
    this.count.failed += 1;
    this.#events.push({ event: 'failed', code, subject, text });
  }

  /** Begins to inspect a stored group, while those before it are being recorded. */
  inspect(group: StoredGroup): Promise<InspectedGroup> {
    const assets = group.files.map(({ stored }) => stored.cid);
    const known = new Set([
      ...assets.filter((asset) => this.#inspecting.has(asset)),
      ...this.#parts.catalog.known(assets),
    ]);
    for (const asset of assets) this.#inspecting.add(asset);
    const inspecting = inspectGroup(group, (asset) => known.has(asset), this.#parts, this.#terms);
    // `record` awaits it; until then a failure of it is not unhandled.
    void Promise.allSettled([inspecting]);
    return inspecting;
  }

  /** Records an inspected group; its statements are durable when this resolves. */
  async record(inspecting: Promise<InspectedGroup>): Promise<readonly IngestEvent[]> {
    const { taken, refused } = takeIn(await this.#whole(await inspecting), this.#parts);
    const units: (readonly Saying[])[] = this.#isCollectionKnown
      ? []
      : [[collectionSaying(this.collection, this.#parts)]];
    const records = recordsOf(taken, this.collection, this.#terms.catalogueName, this.#parts);
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
      if (this.#terms.custody && known?.custody !== true) this.#claims.addCustody(asset, file.row);
      this.progress.files += 1;
      this.progress.bytes += file.stored.size;
    }
    for (const { file, error } of refused) this.fail(file.relative, error.code, error.message);
    await this.#append(units);
    this.#isCollectionKnown = true;
    for (const recorded of records) this.#onRecorded(recorded);
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
      const raised = await alarmsOf(screened, this.#parts, this.#terms.signal);
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
    const { fresh } = await inspectGroup(group, isKnown, this.#parts, this.#terms);
    return fresh.size === 0 ? group : { ...group, fresh: new Map([...group.fresh, ...fresh]) };
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
}
