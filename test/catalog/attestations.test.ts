import { describe, expect, it } from 'vitest';
import type { Cid } from '../../src/core/cid.ts';
import { sampleSeed } from '../../src/core/policy/sampling/draws.ts';
import type { NextDraws } from '../../src/core/ports/set-attestations.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { attestationOf, drawReview, printItem } from '../support/attested-set.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';
import { type MemoryMember, memberOf, sha256 } from '../support/memory-ledger.ts';

const STUDIO = memberOf(2, ['reviewer']);
const THIRD = memberOf(3, ['reviewer']);

/** A museum that has deposited and attested some prints; sets of a few are looked at whole. */
class Museum implements AsyncDisposable {
  readonly fixture: CatalogFixture = catalogFixture();
  readonly prints: readonly Cid[];
  checkpoints = 0;

  constructor(count: number) {
    this.prints = Array.from({ length: count }, (_, i) => say.assetOf(i));
  }

  async deposit(): Promise<void> {
    await this.fixture.say(
      this.prints.flatMap((print) => [say.deposit(print, {}), say.findings(print)]),
    );
  }

  async append(statement: StatementOutline, author?: MemoryMember, documents: never[] = []) {
    const by = author === undefined ? {} : { author };
    const { ids } = this.fixture.ledger.append({ statements: [statement], documents }, by);
    await this.fixture.catalog.catchUp();
    return ids[0] ?? '';
  }

  async attest(assets = this.prints, change?: Parameters<typeof attestationOf>[2]) {
    const { ledger, catalog } = this.fixture;
    const made = attestationOf(assets, ledger.self.organisation, change);
    const { ids } = ledger.append({ statements: [made.statement], documents: made.documents });
    await catalog.catchUp();
    return ids[0] ?? '';
  }

  /** A checkpoint of the museum's tree, confirmed by these organisations. */
  async checkpoint(...by: readonly MemoryMember[]) {
    this.checkpoints += 1;
    const root = this.checkpoints.toString(16).padStart(64, '0');
    await this.carry(root, ...by);
    return root;
  }

  carry(root: string, ...by: readonly MemoryMember[]) {
    const cosignatures = by.map(({ organisation }) => ({
      organisation,
      note: `${86_400 * 20_000}`,
    }));
    const body = { size: 1_000, root, note: `tree ${root}\n\nsigned`, cosignatures };
    return this.append(createStatement('checkpoint', null, say.AT, body));
  }

  next(attestation: string): NextDraws {
    const next = this.fixture.catalog.nextDraws(attestation, 1_000);
    if (next === undefined) throw new Error('nothing is to be judged');
    return next;
  }

  async review(
    attestation: string,
    author = STUDIO,
    changes: (draw: number) => Parameters<typeof drawReview>[3] = () => ({}),
  ) {
    const next = this.next(attestation);
    const made = next.draws.map((one) => drawReview(attestation, next, one, changes(one.draw)));
    const { ids } = this.fixture.ledger.append({ statements: made }, { author });
    await this.fixture.catalog.catchUp();
    return ids;
  }

  /** Outcome of the first attestation, and how many assets are eligible and on hold. */
  shown() {
    const { catalog } = this.fixture;
    const { eligible, hold } = catalog.counts(ELIGIBLE);
    return { ...catalog.attestations()[0], eligible, hold };
  }

  levels() {
    const levels = [...this.fixture.catalog.candidates({}, LEVEL)].map(({ level }) => level);
    return [...new Set(levels)].sort();
  }

  async [Symbol.asyncDispose]() {
    await this.fixture[Symbol.asyncDispose]();
  }
}

const { is: _is, ...LEVEL } = ELIGIBLE;

async function sampled(count = 12) {
  const museum = new Museum(count);
  await museum.deposit();
  const attestation = await museum.attest();
  await museum.checkpoint(STUDIO);
  return { museum, attestation };
}

describe('a set attestation', () => {
  it('is custody at once and age when a second organisation has looked without a defect', async () => {
    const museum = new Museum(12);
    await using _museum = museum;
    await museum.deposit();
    expect(museum.shown()).toMatchObject({ eligible: 0 });
    const attestation = await museum.attest();
    expect(museum.levels()).toEqual(['H2']);
    // No seed before another organisation has confirmed a checkpoint after it.
    await museum.checkpoint();
    expect(museum.fixture.catalog.nextDraws(attestation, 1)).toBeUndefined();
    const root = await museum.checkpoint(STUDIO);
    const set = createSet(museum.prints, sha256);
    expect(museum.shown().seed).toBe(sampleSeed(set.cid, root, sha256));
    await museum.review(attestation);
    expect(museum.shown()).toMatchObject({ outcome: 'clean', size: 12, eligible: 12 });
    expect(museum.levels()).toEqual(['H3']);
    expect(museum.fixture.catalog.nextDraws(attestation, 1)).toBeUndefined();
  });

  it('gives nothing after a defect, "cannot tell" included, and nothing to a larger attempt at all items', async () => {
    const { museum, attestation } = await sampled();
    await using _museum = museum;
    await museum.review(attestation, STUDIO, (draw) =>
      draw === 5 ? { outcome: 'cannot-tell' } : {},
    );
    expect(museum.shown()).toMatchObject({ outcome: 'defect', failures: 1, eligible: 0 });
    expect(museum.next(attestation)).toMatchObject({ size: 12, judged: 12, draws: [] });
    // Without the item in question it is attested again, and judged from the beginning.
    const again = await museum.attest(museum.prints.slice(0, 11));
    await museum.checkpoint(STUDIO);
    await museum.review(again);
    expect(museum.fixture.catalog.attestations()[1]).toMatchObject({ outcome: 'clean', size: 11 });
  });

  it('is held as a whole by a defect that turns up later, until two organisations say otherwise', async () => {
    const { museum, attestation } = await sampled();
    await using _museum = museum;
    await museum.review(attestation);
    const [print = say.assetOf(0)] = museum.prints;
    const contradiction = {
      outcome: 'contradicted' as const,
      sample: null,
      evidence: [attestation],
    };
    const draw = { draw: 0, asset: print };
    const none = { seed: '', size: 0 };
    const defect = await museum.append(drawReview(attestation, none, draw, contradiction), STUDIO);
    expect(museum.shown()).toMatchObject({ outcome: 'clean', eligible: 0, hold: 11 });
    const set = createSet(museum.prints, sha256).cid;
    const body = { of: [defect], outcome: 'dismissed', record: null } as const;
    const dismiss = { ...body, of: [defect] };
    for (const [by, hold] of [
      [STUDIO, 11],
      [THIRD, 0],
    ] as const) {
      await museum.append(createStatement('resolution', { set }, say.AT, dismiss), by);
      expect(museum.shown().hold).toBe(hold);
    }
  });

  it('whose items are not the set’s, or that has a wrong root or count, says nothing', async () => {
    await using museum = new Museum(3);
    await museum.deposit();
    await museum.attest(museum.prints, (items) => items.slice(1));
    await museum.attest(museum.prints, (items) => items.toReversed());
    await museum.attest(museum.prints, ([first, ...items]) => [
      first ?? printItem(say.assetOf(0), 0),
      ...items.slice(1),
      printItem(say.assetOf('another'), 9),
    ]);
    expect(museum.fixture.catalog.attestations()).toEqual([]);
    expect(museum.shown().eligible).toBe(0);
  });
});

describe('the seed', () => {
  it('is that of the first confirmed checkpoint, whichever others are made or confirmed later', async () => {
    await using museum = new Museum(2);
    await museum.deposit();
    const attestation = await museum.attest();
    // One that only the museum itself confirms, with another key, and one that nobody does.
    const own = await museum.checkpoint(memberOf(1, ['witness']));
    await museum.checkpoint();
    const root = await museum.checkpoint(STUDIO);
    const { seed } = museum.shown();
    expect(seed).toBe(sampleSeed(createSet(museum.prints, sha256).cid, root, sha256));
    await museum.checkpoint(STUDIO, THIRD);
    expect(museum.shown().seed).toBe(seed);
    // A confirmation that was kept back changes nothing about what was reviewed before.
    await museum.review(attestation);
    await museum.carry(own, THIRD);
    expect(museum.shown()).toMatchObject({ outcome: 'clean' });
  });

  it('of another’s tree, or from before the attestation, is none', async () => {
    await using museum = new Museum(2);
    await museum.deposit();
    await museum.checkpoint(STUDIO);
    const attestation = await museum.attest();
    const cosignatures = [{ organisation: THIRD.organisation, note: '86400' }];
    const body = { size: 9, root: '77'.repeat(32), note: 'another tree\n\nsigned', cosignatures };
    await museum.append(createStatement('checkpoint', null, say.AT, body), STUDIO);
    expect(museum.fixture.catalog.nextDraws(attestation, 1)).toBeUndefined();
  });
});

describe('a review of a draw', () => {
  const judged = async (
    author: MemoryMember,
    changes: (draw: number, next: NextDraws) => Parameters<typeof drawReview>[3],
  ) => {
    const { museum, attestation } = await sampled(4);
    await using _museum = museum;
    const next = museum.next(attestation);
    await museum.review(attestation, author, (draw) => changes(draw, next));
    return museum.shown().outcome;
  };
  const sample =
    (changes: object) =>
    (draw: number, { seed, size }: NextDraws) => ({
      sample: { attestation: '', seed, size, draw, ...changes },
    });

  it('counts from another organisation without a stake', async () => {
    expect(await judged(STUDIO, () => ({}))).toBe('clean');
    expect(await judged(memberOf(1, ['reviewer']), () => ({}))).toBe('none');
    expect(await judged(STUDIO, () => ({ conflict: 'declared' }))).toBe('none');
  });

  it('counts for its own draw, seed and size only', async () => {
    const { museum, attestation } = await sampled(4);
    await using _museum = museum;
    const wrong = [{ draw: 0 }, { seed: '00'.repeat(32) }, { size: 3 }, { size: 300 }];
    for (const change of wrong) {
      await museum.review(attestation, STUDIO, (draw) => {
        const { sample: made } = sample(change)(draw, museum.next(attestation));
        return { sample: { ...made, attestation } };
      });
    }
    // Of the first change one draw was right.
    expect(museum.next(attestation).judged).toBe(1);
    await museum.review(attestation);
    expect(museum.shown().outcome).toBe('clean');
  });
});
