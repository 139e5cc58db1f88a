import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type {
  AttestedItem,
  AttestedSample,
  FactContext,
  SeenStatement,
} from '../../core/policy/abstraction/fact-context.ts';
import { drawsOf, sampleSeed, sampleSize } from '../../core/policy/sampling/draws.ts';
import {
  type DrawReview,
  type JudgedSample,
  judgeSample,
} from '../../core/policy/sampling/judge-sample.ts';
import type { AttestationView, NextDraws } from '../../core/ports/set-attestations.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { required } from '../file/damage.ts';

/** A set attestation whose items could be read. */
export interface AttestationRow {
  /** Number of its statement. */
  readonly id: number;
  readonly name: StatementId;
  readonly hash: EntryHash;
  readonly clock: number;
  readonly author: Did;
  readonly organisation: string;
  readonly institution: string;
  readonly subject_set: number;
  readonly cid: Cid;
  readonly count: number;
}

interface DrawnRow {
  readonly entry: number;
  readonly hash: EntryHash;
  readonly id: StatementId;
  readonly organisation: string;
  readonly seed: string | null;
  readonly size: number;
  readonly draw: number;
  readonly defect: number;
}

type Drawn = DrawReview & Pick<DrawnRow, 'entry' | 'hash' | 'organisation'>;

interface ItemRow {
  readonly id: number;
  readonly source_type: string;
  readonly maker: AttestedItem['maker'];
  readonly item_date: string;
}

const DRAWN = `SELECT entry, entries.hash, entries.hash || '/' || statements.place AS id,
    voices.organisation, seed, size, draw, defect
  FROM drawn JOIN statements ON statements.id = review
  JOIN entries ON entries.id = entry JOIN voices ON voices.id = voice`;

/** Answers what set attestations say of assets and what their samples showed, from one file's tables. */
export class SampleReader {
  readonly #context: Pick<FactContext, 'isAncestor' | 'sha256'>;
  readonly #item: Query<ItemRow>;
  readonly #row: Query<AttestationRow>;
  readonly #rows: Query<AttestationRow>;
  readonly #drawn: Query<DrawnRow>;
  readonly #others: Query<DrawnRow>;
  readonly #witnesses: Query<{ organisation: string; since: string }>;
  readonly #cosigned: Query<{ hash: EntryHash; carrier: EntryHash; root: string }>;
  readonly #atPlace: Query<Omit<ItemRow, 'id'> & { readonly cid: Cid }>;
  readonly #samples = new Map<number, AttestedSample>();

  constructor(db: Database, context: Pick<FactContext, 'isAncestor' | 'sha256'>) {
    this.#context = context;
    // CROSS JOIN keeps the order: the planner would look through all items for the asset.
    this.#item = db.prepare(
      `SELECT attestations.id, source_type, maker, item_date FROM attestations
       CROSS JOIN assets CROSS JOIN attested ON attestation = attestations.id AND asset = assets.id
       WHERE name = ? AND cid = ?`,
    );
    const columns = `attestations.id, name, hash, clock, author, organisation, institution,
      subject_set, cid, count FROM attestations JOIN sets ON sets.id = subject_set`;
    this.#row = db.prepare(`SELECT ${columns} WHERE name = ?`);
    this.#rows = db.prepare(`SELECT ${columns} ORDER BY clock, name`);
    this.#drawn = db.prepare(`${DRAWN} WHERE attestation = ?
       ORDER BY statements.clock, entries.hash, statements.place`);
    this.#others = db.prepare(
      `${DRAWN} JOIN attestations AS other ON other.id = attestation
       WHERE defect = 1 AND institution = ? AND other.id <> ? AND EXISTS (
         SELECT 1 FROM attested AS its JOIN attested AS own ON own.asset = its.asset
         WHERE its.attestation = other.id AND own.attestation = ?)
       ORDER BY statements.clock, entries.hash, statements.place`,
    );
    this.#witnesses = db.prepare(
      'SELECT organisation, since FROM witnesses WHERE entry = ? ORDER BY organisation',
    );
    this.#atPlace = db.prepare(
      `SELECT cid, source_type, maker, item_date FROM attested JOIN assets ON assets.id = asset
       WHERE attestation = ? AND place = ?`,
    );
    this.#cosigned = db.prepare(
      `SELECT hash, carrier, root FROM cosigned WHERE author = ? AND clock > ?
       ORDER BY clock, hash, carrier`,
    );
  }

  /** To be called when entries have been projected. */
  forget(): void {
    this.#samples.clear();
  }

  attestations(): readonly AttestationRow[] {
    return this.#rows.all();
  }

  attestation(name: StatementId): AttestationRow | undefined {
    return this.#row.get(name);
  }

  /** What the rules ask as `FactContext.attested`. */
  item(attestation: StatementId, asset: Cid): AttestedItem | undefined {
    const row = this.#item.get(attestation, asset);
    if (row === undefined) return undefined;
    const { id, source_type: digitalSourceType, maker, item_date: itemDate } = row;
    const known = this.#samples.get(id);
    const sample = known ?? this.sample(required(this.attestation(attestation), attestation));
    this.#samples.set(id, sample);
    return { digitalSourceType, maker, itemDate, sample };
  }

  /** Returns what a sample showed, without the attesting organisation among the witnesses. */
  sample(attestation: AttestationRow): AttestedSample {
    const { outcome, size, reviews, later } = this.judged(attestation);
    const seen = (review: Drawn) => this.#seen(review, attestation.organisation);
    const isWhole = size > 0 && size === attestation.count;
    return {
      ...{ outcome, size, isWhole },
      reviews: representatives(reviews.map(seen)),
      defects: later.map(seen),
    };
  }

  judged({ id, institution, count }: AttestationRow): JudgedSample<DrawReview> & {
    readonly reviews: readonly Drawn[];
    readonly later: readonly Drawn[];
  } {
    const reviews = this.#drawn.all(id).map(toDrawn);
    const others = this.#others.all(institution, id, id).map(toDrawn);
    return judgeSample(count, { reviews, others }, (earlier, later) =>
      this.#context.isAncestor(earlier.hash, later.hash),
    );
  }

  /** Returns an attestation with what its sample showed so far. */
  view(row: AttestationRow): AttestationView {
    const { name: id, organisation, institution, cid: set, count } = row;
    const { outcome, size, failures, later } = this.judged(row);
    const named = { id, organisation, institution, set, assets: count };
    const defects = later.map((review) => review.id);
    return { ...named, outcome, size, failures, defects, seed: this.seed(row)?.seed ?? null };
  }

  /** Returns the attempt that is to be judged now, with up to `limit` draws that nobody judged yet. */
  nextDraws(attestation: AttestationRow, limit: number): NextDraws | undefined {
    const { id, count } = attestation;
    const seed = this.seed(attestation);
    const { outcome, size: clean, failures, later } = this.judged(attestation);
    if (seed === undefined || (outcome === 'clean' && later.length === 0)) return undefined;
    const size = outcome === 'clean' ? Math.min(count, clean * 2) : sampleSize(failures, count);
    const attempt = { seed: seed.seed, size };
    const own = this.#drawn.all(id).filter((row) => row.seed === seed.seed && row.size === size);
    const judged = new Set(own.map(({ draw }) => draw));
    const places = [...drawsOf(attempt, count, this.#context.sha256).entries()];
    const open = places.filter(([draw]) => !judged.has(draw)).slice(0, limit);
    const draws = open.map(([draw, place]) => {
      const item = required(this.#atPlace.get(id, place), `item ${place} of an attestation`);
      const { cid: asset, source_type: sourceType, maker, item_date: date } = item;
      return { draw, place, asset, sourceType, maker, date };
    });
    return { ...attempt, checkpoint: seed.checkpoint, judged: judged.size, draws };
  }

  /**
   * Returns the seed of an attestation's sample: by the first checkpoint after it, of the tree of the
   * node that made it, that another organisation is known to have confirmed; undefined if there is none.
   * `asOf` asks what was known in view of one entry, so that what is carried later changes no review.
   */
  seed(
    { author, clock, hash, cid }: AttestationRow,
    asOf?: EntryHash,
  ): { readonly seed: string; readonly checkpoint: EntryHash } | undefined {
    const { isAncestor, sha256 } = this.#context;
    const found = this.#cosigned
      .all(author, clock)
      .find(
        (row) =>
          isAncestor(hash, row.hash) && (asOf === undefined || isAncestor(row.carrier, asOf)),
      );
    return found && { seed: sampleSeed(cid, found.root, sha256), checkpoint: found.hash };
  }

  #seen({ id, entry, organisation }: Drawn, attesting: string): SeenStatement {
    const witnesses = this.#witnesses.all(entry).filter((one) => one.organisation !== attesting);
    const [since] = witnesses
      .filter((one) => one.organisation !== organisation)
      .map((one) => one.since)
      .sort();
    return {
      id,
      witnesses: witnesses.map((one) => one.organisation),
      ...(since === undefined ? {} : { witnessedSince: since }),
    };
  }
}

function toDrawn({ seed, size, defect, ...row }: DrawnRow): Drawn {
  return { ...row, attempt: seed === null ? null : { seed, size }, isDefect: defect === 1 };
}

/** Returns one of those that the same organisations have witnessed, with the last day of them. */
function representatives(reviews: readonly SeenStatement[]): readonly SeenStatement[] {
  const groups = new Map<string, SeenStatement>();
  for (const review of reviews) {
    const key = review.witnesses.join(' ');
    const known = groups.get(key);
    const latest = [known?.witnessedSince ?? '', review.witnessedSince ?? ''].sort().at(-1) ?? '';
    const since = latest === '' ? {} : { witnessedSince: latest };
    groups.set(key, { id: known?.id ?? review.id, witnesses: review.witnesses, ...since });
  }
  return [...groups.values()];
}
