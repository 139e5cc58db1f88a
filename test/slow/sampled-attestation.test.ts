import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { grantMember } from '../../src/archive/governing/members.ts';
import { timestampOf } from '../../src/archive/now.ts';
import {
  attestTable,
  nextReviews,
  reviewAsset,
} from '../../src/archive/operations/judge-things.ts';
import type { Cid } from '../../src/core/cid.ts';
import { canMakeRows, depositRows, makeRows } from '../support/catalogue-rows.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';
import { silent } from '../support/silent.ts';

const ASSETS = 100_000;
const SAMPLE = 300;
/** The prints themselves are nowhere, so nobody asks for them; nodes look at each other as they do in use. */
const NO_BYTES = { want: 'none', checkpointMs: 5_000, challengeMs: 60_000 };
const SOON = { timeout: 1_500_000 };
vi.setConfig({ testTimeout: 3_000_000 });

/** As if somebody had looked at each and found nothing amiss. */
const NOTHING_AMISS = ['format', 'digests', 'traces', 'source-type'].map((inspector) => ({
  ...{ inspector, version: 1, outcome: 'none' as const },
  ...{ facts: {}, raw: [] },
}));

describe.skipIf(!canMakeRows)(
  'a set of 100,000 prints (skipped without corpus and python3)',
  () => {
    it('reaches H3 by 300 draws of another organisation, and is held by one defect found later', async () => {
      await using homes = new PartnerHomes();
      const a = await homes.found('a', NO_BYTES);
      const { lap, laps } = stopwatch();
      const assets: Cid[] = [];
      for await (const { cid } of depositRows(
        makeRows(homes.path(), ASSETS),
        a.archive,
        NOTHING_AMISS,
      )) {
        assets.push(cid);
      }
      lap('deposited');
      const table = homes.path('items.csv');
      writeFileSync(table, itemsOf(assets));
      const { id } = await attestTable.run(a.archive, { path: table }, silent);
      lap('attested');
      expect(levelsOf(a)).toEqual({ H2: ASSETS });
      lap('decided');

      const b = await homes.join('b', a, 'partner', NO_BYTES);
      const { did } = b.network;
      await grantMember({ key: did, role: 'reviewer', replica: 'none' }, a.archive);
      const isReviewer = () => b.archive.ledger.memberOf(did)?.roles.includes('reviewer');
      await expect.poll(isReviewer, SOON).toBe(true);
      const next = async (limit: number) => {
        const { next: found } = await nextReviews.run(
          b.archive,
          { attestation: id, limit },
          silent,
        );
        return found?.draws ?? [];
      };
      await expect.poll(async () => (await next(1)).length, SOON).toBe(1);
      expect(b.archive.catalog.counts(questionOf(b)).eligible).toBe(ASSETS);
      lap('taken by a second home');

      const look = { rubric: 'item', hasNoStake: true, evidence: [] as string[] };
      const draws = await next(1_000);
      expect(new Set(draws.map(({ asset }) => asset)).size).toBe(SAMPLE);
      for (const [at, { draw, asset }] of draws.entries()) {
        if (at === SAMPLE - 1) expect(levelsOf(b)).toEqual({ H2: ASSETS });
        const judged = { attestation: id, number: draw };
        await reviewAsset.run(
          b.archive,
          { ...look, evidence: [], asset, outcome: 'confirmed', draw: judged },
          silent,
        );
      }
      expect(await next(1)).toEqual([]);
      lap(`${SAMPLE} draws judged`);
      for (const node of [b, a])
        await expect.poll(() => levelsOf(node, 1), SOON).toEqual({ H3: 1 });
      for (const node of [a, b]) expect(levelsOf(node)).toEqual({ H3: ASSETS });
      lap('decided at both homes');

      const asset = assets.find((one) => draws.every((draw) => draw.asset !== one)) as Cid;
      const wrong = { ...look, asset, outcome: 'contradicted', evidence: [id] } as const;
      await reviewAsset.run(b.archive, { ...wrong, evidence: [id] }, silent);
      const stopped = { eligible: 0, hold: ASSETS - 1, ineligible: 1 };
      for (const node of [b, a]) {
        const counts = () => node.archive.catalog.counts(questionOf(node));
        await expect.poll(counts, SOON).toMatchObject(stopped);
      }
      lap('held at both homes');
      const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
      process.stdout.write(
        `${ASSETS} assets at two homes, ${JSON.stringify({ ...laps, peakMiB })}\n`,
      );
      // Two homes with two ledgers, catalogs and packs each, and the test's own lists.
      expect(peakMiB).toBeLessThan(3_000);
    });
  },
);

function questionOf({ archive }: PartnerNode) {
  const at = timestampOf(archive.clock);
  const policy = 'corroborated';
  const purpose = 'ai_generative_training';
  return { is: 'eligible', purpose, policy, requester: 'anyone', at } as const;
}

/** Counts the levels of what is eligible, or of so many of them. */
function levelsOf(node: PartnerNode, most = Number.POSITIVE_INFINITY): Record<string, number> {
  const levels: Record<string, number> = {};
  let seen = 0;
  for (const { level } of node.archive.catalog.candidates({}, questionOf(node))) {
    levels[level] = (levels[level] ?? 0) + 1;
    seen += 1;
    if (seen === most) break;
  }
  return levels;
}

/** What a museum says of its prints, as the verb `attest set` reads it. */
function itemsOf(assets: readonly Cid[]): string {
  const lines = assets.map(
    (cid, at) =>
      `${cid},inv-${at},1901-12-31,catalogue:hind-1912,2015-06-01,digitalCreation,dead,1910`,
  );
  return ['cid,item,date,source,digitised,source_type,maker,died', ...lines].join('\n');
}

function stopwatch() {
  const laps: Record<string, number> = {};
  let started = performance.now();
  const lap = (what: string) => {
    const now = performance.now();
    laps[what] = Math.round((now - started) / 100) / 10;
    started = now;
  };
  return { lap, laps };
}
