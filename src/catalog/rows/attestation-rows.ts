import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { FactContext } from '../../core/policy/abstraction/fact-context.ts';
import { drawsOf, FIRST_SAMPLE, sampleSize } from '../../core/policy/sampling/draws.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import { readAttestationItems } from '../../core/statements/attestation-items.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Database, Statement as Query } from '../../sqlite/database.ts';
import { type AttestationRow, SampleReader } from '../facts/sample-reader.ts';
import { required } from '../file/damage.ts';
import type { Pacer } from '../pacer.ts';
import type { SourceLedger } from '../projecting/source-ledger.ts';
import type { AssetIds } from './asset-ids.ts';

type Review = BodyOf<'review'>;

/**
 * The rows of set attestations, of the reviews of their samples, and of the checkpoints that seeds come
 * from. Whoever calls is told the sets whose samples say something else now, and nothing of them is
 * looked at before that: a review costs its own row until an attempt is complete or has failed.
 */
export class AttestationRows {
  readonly samples: SampleReader;
  readonly #ledger: Pick<SourceLedger, 'block' | 'setMembers'>;
  readonly #sha256: FactContext['sha256'];
  readonly #assets: AssetIds;
  readonly #add: Query<never>;
  readonly #addItem: Query<never>;
  readonly #dropItems: Query<never>;
  readonly #place: Query<{ place: number }>;
  readonly #addDrawn: Query<never>;
  readonly #judgedDraws: Query<{ draws: number }>;
  readonly #said: Query<{ sample: string }>;
  readonly #say: Query<never>;
  readonly #addCosigned: Query<never>;

  constructor(
    db: Database,
    ledger: Pick<SourceLedger, 'block' | 'setMembers'>,
    context: Pick<FactContext, 'isAncestor' | 'sha256'>,
    assets: AssetIds,
  ) {
    this.samples = new SampleReader(db, context);
    this.#ledger = ledger;
    this.#sha256 = context.sha256;
    this.#assets = assets;
    this.#add = db.prepare(`INSERT INTO attestations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')`);
    this.#addItem = db.prepare('INSERT INTO attested VALUES (?, ?, ?, ?, ?, ?)');
    this.#dropItems = db.prepare('DELETE FROM attested WHERE attestation = ?');
    this.#place = db.prepare('SELECT place FROM attested WHERE attestation = ? AND asset = ?');
    this.#addDrawn = db.prepare('INSERT OR IGNORE INTO drawn VALUES (?, ?, ?, ?, ?, ?)');
    this.#judgedDraws = db.prepare(
      `SELECT count(DISTINCT draw) AS draws FROM drawn
       WHERE attestation = ? AND seed = ? AND size = ?`,
    );
    this.#said = db.prepare('SELECT sample FROM attestations WHERE id = ?');
    this.#say = db.prepare('UPDATE attestations SET sample = ? WHERE id = ?');
    this.#addCosigned = db.prepare('INSERT OR IGNORE INTO cosigned VALUES (?, ?, ?, ?, ?)');
  }

  /** Stores an attestation of a set with its items; one whose items are not the set's stores nothing. */
  async add(
    id: number,
    standing: StandingStatement,
    body: BodyOf<'attestation'>,
    set: { readonly id: number; readonly cid: Cid },
    pacer: Pacer,
  ): Promise<void> {
    const members = await this.#ledger.setMembers(set.cid);
    const block = (cid: Cid) => required(this.#ledger.block(cid), `page ${cid} of ${standing.id}`);
    try {
      let place = 0;
      for (const item of readAttestationItems(body, members, block, this.#sha256)) {
        const asset = required(this.#assets.find(item.asset), `the number of ${item.asset}`);
        this.#addItem.run(id, asset, place, item.digitalSourceType, item.maker, item.date);
        place += 1;
        const turn = pacer.tick();
        if (turn !== undefined) await turn;
      }
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== 'input_invalid') throw error;
      this.#dropItems.run(id);
      return;
    }
    const { entry, clock, author, organisation } = standing;
    const { institution, count } = body;
    this.#add.run(id, standing.id, entry, clock, author, organisation, institution, set.id, count);
  }

  /** Stores what a review says of attestations; returns the sets of which it is news. */
  review(
    id: number,
    standing: StandingStatement,
    body: Review,
    asset: number | null,
  ): readonly number[] {
    const { carried } = standing.statement;
    if (asset === null || body.conflict !== 'none' || carried !== undefined) return [];
    const changed: number[] = [];
    for (const name of namedBy(body)) {
      const attestation = this.samples.attestation(name);
      if (attestation === undefined || attestation.organisation === standing.organisation) continue;
      const place = this.#place.get(attestation.id, asset)?.place;
      if (place === undefined) continue;
      const { sample } = body;
      const isDefect = body.outcome !== 'confirmed';
      if (sample?.attestation === name) {
        if (!this.#isDraw(sample, place, attestation, standing.entry)) continue;
        const { seed, size, draw } = sample;
        this.#addDrawn.run(attestation.id, id, seed, size, draw, isDefect ? 1 : 0);
        const judged = this.#judgedDraws.get(attestation.id, seed, size)?.draws ?? 0;
        if (!isDefect && judged < size) continue;
      } else this.#addDrawn.run(attestation.id, id, null, 0, place, 1);
      changed.push(...this.#news(attestation.institution));
    }
    return changed;
  }

  /** Stores that others confirmed a checkpoint. */
  cosign(
    author: string,
    root: string,
    { first, carrier }: { readonly first: Placed; readonly carrier: EntryHash },
  ): void {
    this.#addCosigned.run(author, first.clock, first.hash, carrier, root);
  }

  /** Returns the sets whose samples others have witnessed since. */
  rewitnessed(): readonly number[] {
    return this.#news(undefined);
  }

  #isDraw(
    sample: NonNullable<Review['sample']>,
    place: number,
    attestation: AttestationRow,
    entry: EntryHash,
  ): boolean {
    const { size, draw } = sample;
    const { count } = attestation;
    const failures = Math.max(0, Math.ceil(Math.log2(size / FIRST_SAMPLE)));
    if (draw >= size || size !== sampleSize(failures, count)) return false;
    if (this.samples.seed(attestation, entry)?.seed !== sample.seed) return false;
    return drawsOf(sample, count, this.#sha256)[draw] === place;
  }

  #news(institution: string | undefined): readonly number[] {
    return this.samples.attestations().flatMap((attestation) => {
      const before = this.#said.get(attestation.id)?.sample ?? '';
      // Of one without a complete attempt nothing can be seen otherwise.
      if (institution === undefined ? before === '' : attestation.institution !== institution) {
        return [];
      }
      const now = JSON.stringify(this.samples.sample(attestation));
      if (now === before) return [];
      this.#say.run(now, attestation.id);
      return [attestation.subject_set];
    });
  }
}

interface Placed {
  readonly clock: number;
  readonly hash: EntryHash;
}

/** The attestation that was sampled, or those that the review says are wrong about the asset. */
function namedBy({ sample, outcome, evidence }: Review): readonly StatementId[] {
  if (sample !== null) return [sample.attestation];
  return outcome === 'contradicted' ? evidence : [];
}
