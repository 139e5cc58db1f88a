import type { Cid } from '../../core/cid.ts';
import { CodeTable } from '../../core/likeness/code-table.ts';
import { type ContentCodes, contentCodesOf } from '../../core/likeness/content-codes.ts';
import {
  type Distances,
  LIKENESS_LIMITS,
  type LikenessLimits,
  likenessOf,
} from '../../core/likeness/likeness.ts';
import type { AlikeAsset } from '../../core/ports/asset-views.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import type { Pacer } from '../pacer.ts';

const PAGE = 1000;
const INSPECTOR = 'fingerprints';

/** Codes of one kind, and whose they are. */
class Shelf {
  readonly tables: readonly CodeTable[];
  readonly assets: number[] = [];

  constructor(tables: number) {
    this.tables = Array.from({ length: tables }, () => new CodeTable());
  }

  add(asset: number, codes: readonly Uint8Array[]): void {
    this.assets.push(asset);
    for (const [place, code] of codes.entries()) this.tables[place]?.add(code);
  }

  /** Returns the places of which any code is within its bound. */
  within(codes: readonly Uint8Array[], most: readonly number[]): ReadonlySet<number> {
    return new Set(
      codes.flatMap((code, place) => this.tables[place]?.within(code, most[place] ?? 0) ?? []),
    );
  }

  distance(table: number, place: number, code: Uint8Array): number {
    return this.tables[table]?.distance(place, code) ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * The content codes of all assets, in memory: 36 bytes for a text or sound, 68 for a picture. They are
 * read from the findings when they are first asked for, and what is new whenever they are asked again.
 */
export class LikenessIndex {
  readonly #page: Query<{ id: number; asset: number; body: string }>;
  readonly #newest: Query<{ id: number | null }>;
  readonly #own: Query<{ body: string }>;
  readonly #cid: Query<{ cid: Cid }>;
  readonly #shelves = { picture: new Shelf(2), text: new Shelf(1), audio: new Shelf(1) };
  #read = 0;

  constructor(db: Database) {
    this.#page = db.prepare(
      `SELECT id, asset, body FROM statements
       WHERE kind = 'finding' AND asset IS NOT NULL AND id > ? ORDER BY id LIMIT ${PAGE}`,
    );
    this.#newest = db.prepare('SELECT MAX(id) AS id FROM statements');
    this.#own = db.prepare(
      `SELECT body FROM statements WHERE kind = 'finding'
       AND asset = (SELECT id FROM assets WHERE cid = ?) ORDER BY id`,
    );
    this.#cid = db.prepare('SELECT cid FROM assets WHERE id = ?');
  }

  /** Returns the other assets that are like this one within limits, by stored and fresh findings, the likest first. */
  async alike(
    cid: Cid,
    fresh: Parameters<typeof codesIn>[0],
    limits: LikenessLimits,
    pacer: Pacer,
  ): Promise<readonly AlikeAsset[]> {
    await this.#catchUp(pacer);
    const found = new Map<Cid, AlikeAsset>();
    const stored = this.#own.all(cid).flatMap(({ body }) => findingsIn(body));
    const all = [...codesIn([...stored, ...fresh])];
    // What is known already is looked for once: how long it takes does not tell that it is known.
    for (const codes of new Map(all.map((one) => [listOf(one).join(), one])).values()) {
      for (const alike of this.#alikeTo(codes, limits))
        if (alike.cid !== cid) found.set(alike.cid, alike);
    }
    return [...found.values()].sort((a, b) => leastOf(a.distances) - leastOf(b.distances));
  }

  async #catchUp(pacer: Pacer): Promise<void> {
    const newest = this.#newest.get()?.id ?? 0;
    for (;;) {
      const rows = this.#page.all(this.#read);
      for (const { asset, body } of rows) {
        for (const codes of codesIn(findingsIn(body)))
          this.#shelves[codes.kind].add(asset, listOf(codes));
      }
      // Another call may have read on meanwhile.
      this.#read = Math.max(this.#read, rows.length < PAGE ? newest : (rows.at(-1)?.id ?? newest));
      if (rows.length < PAGE) return;
      await pacer.turn();
    }
  }

  *#alikeTo(codes: ContentCodes, limits: LikenessLimits): Generator<AlikeAsset> {
    const shelf = this.#shelves[codes.kind];
    const { same, related } = limits.picture;
    const most =
      codes.kind === 'picture'
        ? [Math.max(same.pdq, related.pdq), Math.max(same.image, related.image)]
        : [Math.max(limits[codes.kind].same, limits[codes.kind].related)];
    for (const place of shelf.within(listOf(codes), most)) {
      const distances = distancesOf(codes, shelf, place);
      const likeness = likenessOf(distances, limits);
      const cid = this.#cid.get(shelf.assets[place] ?? -1)?.cid;
      if (likeness !== undefined && cid !== undefined) yield { cid, likeness, distances };
    }
  }
}

/** What was stored has been read by the schema of its kind. */
function findingsIn(body: string): BodyOf<'finding'>['findings'] {
  return (JSON.parse(body) as BodyOf<'finding'>).findings;
}

function* codesIn(
  findings: readonly Pick<Finding, 'inspector' | 'facts'>[],
): Generator<ContentCodes> {
  for (const { inspector, facts } of findings) {
    const codes = inspector === INSPECTOR ? contentCodesOf(facts, LIKENESS_LIMITS) : undefined;
    if (codes !== undefined) yield codes;
  }
}

function listOf(codes: ContentCodes): readonly Uint8Array[] {
  return codes.kind === 'picture' ? [codes.pdq, codes.image] : [codes.code];
}

function distancesOf(codes: ContentCodes, shelf: Shelf, place: number): Distances {
  if (codes.kind !== 'picture') return { [codes.kind]: shelf.distance(0, place, codes.code) };
  return { pdq: shelf.distance(0, place, codes.pdq), image: shelf.distance(1, place, codes.image) };
}

function leastOf(distances: Distances): number {
  return Math.min(...Object.values(distances));
}
