import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { grantRole } from '../../src/archive/operations/govern.ts';
import {
  listAttestations,
  nextReviews,
  reviewAsset,
} from '../../src/archive/operations/judge-things.ts';
import { showReplicas } from '../../src/archive/operations/keep-copies.ts';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { openPartnerNodes, type PartnerNodes } from '../support/partner-nodes.ts';
import { picture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

/** Works of the set; a sample is of 300 of them, or of all. */
const PRINTS = Number(process.env['RINGFENCE_ROUNDS'] ?? 40);
const SOON = { timeout: 120_000, interval: 250 };
const PLACE = { prefix: [], p2p: '/ip4/127.0.0.1/tcp/0' };
/** Draws that are sent before a second window takes over. */
const FIRST = 10;

describe.skipIf(!hasChromium)('the draws of a sample (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const complaints: string[] = [];
  let nodes: PartnerNodes;
  let browser: Browser;
  let page: Page;
  let attestation = '';

  beforeAll(async () => {
    nodes = await openPartnerNodes(temporary.path, [PLACE, PLACE, PLACE]);
    const { a, b, dids } = nodes;
    for (const key of [dids.b, dids.c]) {
      await a.ask(grantRole, { key, role: 'reviewer', replica: 'all' });
    }
    const offered = join(temporary.path, 'offered');
    mkdirSync(offered);
    const rows = ['path,title,creator,licence'];
    for (let at = 0; at < PRINTS; at += 1) {
      writeFileSync(join(offered, `${at}.png`), await picture(at).png().toBuffer());
      rows.push(`${at}.png,Print ${at},Ann Lee,CC0-1.0`);
    }
    writeFileSync(join(temporary.path, 'rows.csv'), rows.join('\n'));
    await a.run('ingest', offered, '--catalog', join(temporary.path, 'rows.csv'));
    const cids: string[] = [];
    await a.ask(listAssets, { filter: {} }, ({ cid }) => cids.push(cid));
    const items = cids.map(
      (cid, at) => `${cid},inv-${at},1901-12-31,catalogue:hind-1912,2015-06-01,print,dead,1910`,
    );
    const head = 'cid,item,date,source,digitised,source_type,maker,died';
    writeFileSync(join(temporary.path, 'items.csv'), [head, ...items].join('\n'));
    const attested = await a.run('attest', 'set', join(temporary.path, 'items.csv'));
    attestation = String(attested['id']);
    await vi.waitFor(async () => {
      const [told] = await b.ask(listAttestations, {});
      expect(told?.seed).toEqual(expect.any(String));
      const { nodes: all } = await b.ask(showReplicas, { policy: 'corroborated' });
      expect(all.find(({ isThisHome }) => isThisHome)?.held).toBe(PRINTS);
    }, SOON);
    browser = await startChromium();
    page = await signedInPage(browser, b.home, complaints);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await nodes?.[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  const judged = async () => {
    const { next } = await nodes.b.ask(nextReviews, { attestation, limit: 1 });
    return next?.judged ?? PRINTS;
  };
  const unsent = (count: number) => page.getByText(`${count} not sent`).waitFor();
  /** Judges by key, which does nothing before the picture of the draw is there. */
  const pressShown = async () => {
    const width = () =>
      page.evaluate<number>(`document.querySelector('.task .zoom-sheet img')?.naturalWidth ?? 0`);
    await expect.poll(width, { ...SOON, interval: 20 }).toBeGreaterThan(0);
    await page.keyboard.press('1');
  };
  const openSample = async () => {
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByRole('button', { name: `A set of ${PRINTS}` }).click();
    await page.locator('.task .zoom-sheet img').waitFor();
  };

  it('are judged by one key each, and go together when they are sent', async () => {
    await openSample();
    await page
      .getByText('The institution says: dated 1901-12-31, maker dead, source type “print”.')
      .waitFor();
    await look(page, 'review-draws');
    await pressShown();
    await page.keyboard.press('p');
    await page.getByRole('alert').filter({ hasText: 'no stake' }).waitFor();
    await page.keyboard.press('c');
    for (let at = 0; at < FIRST; at += 1) await pressShown();
    await unsent(FIRST);
    await page.keyboard.press('u');
    await unsent(FIRST - 1);
    await pressShown();
    await unsent(FIRST);
    expect(await judged()).toBe(0);
    await page.locator('.outbox summary').first().click();
    await page.locator('.outbox pre').filter({ hasText: '"sample"' }).first().waitFor();
    await look(page, 'review-draws-outbox');
    await page.keyboard.press('x');
    await page.getByText(`0 not sent, which you can take back; ${FIRST} sent`).waitFor();
    expect(await judged()).toBe(FIRST);
  });

  it('wait in this browser when its tab is gone, and while the node is out of reach', async () => {
    for (let at = 0; at < 3; at += 1) await pressShown();
    await unsent(3);
    const context = page.context();
    const { origin } = new URL(page.url());
    await page.close();
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(origin);
    await page.getByRole('link', { name: 'Review' }).click();
    await unsent(3);
    await openSample();
    await context.setOffline(true);
    await page.keyboard.press('x');
    await page.getByText('The node does not answer. What you have judged').waitFor();
    await unsent(3);
    expect(await judged()).toBe(FIRST);
    await context.setOffline(false);
    await page.keyboard.press('x');
    await page.getByText('0 not sent').waitFor();
    expect(await judged()).toBe(FIRST + 3);
  });

  it('that somebody else has judged meanwhile are told, and the others sent all the same', async () => {
    await page.keyboard.press('c');
    for (let at = 0; at < 2; at += 1) await pressShown();
    await unsent(2);
    const { c } = nodes;
    const { next } = await nodes.b.ask(nextReviews, { attestation, limit: 1 });
    const [first] = next?.draws ?? [];
    if (first === undefined) throw new Error('no draw is left');
    const draws = async () => (await c.ask(nextReviews, { attestation, limit: 1 })).next?.judged;
    await expect.poll(draws, SOON).toBe(FIRST + 3);
    await c.ask(reviewAsset, {
      ...{ asset: first.asset, rubric: 'item', outcome: 'confirmed', hasNoStake: true },
      ...{ evidence: [], draw: { attestation, number: first.draw } },
    });
    await expect.poll(judged, SOON).toBe(FIRST + 4);
    await page.keyboard.press('x');
    await page.getByText('1 not sent, which you can take back').waitFor();
    await page.getByRole('alert').filter({ hasText: 'is not to be judged' }).waitFor();
    await look(page, 'review-draws-meanwhile');
    await page.keyboard.press('u');
    await unsent(0);
    expect(await judged()).toBe(FIRST + 5);
  });

  it('go as fast as somebody can look, and in the end the set is shown by sample', async () => {
    const left = PRINTS - FIRST - 5;
    const laps: number[] = [];
    const started = performance.now();
    for (let at = 1; at <= left; at += 1) {
      const last = at === left;
      laps.push(await page.evaluate<number>(`(${NEXT_SHOWN})(${last})`));
      if (at % 50 === 0) await page.keyboard.press('x');
    }
    const minutes = (performance.now() - started) / 60_000;
    const pace = Math.round(left / minutes);
    const sorted = laps.sort((one, other) => one - other);
    const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
    process.stdout.write(
      `${left} draws: ${pace} a minute; key to next work shown: ${at(0.5)} ms, p95 ${at(0.95)} ms\n`,
    );
    await page.keyboard.press('x');
    await expect.poll(judged, SOON).toBe(PRINTS);
    await page.getByRole('heading', { name: `No defect in ${PRINTS} draws` }).waitFor();
    await look(page, 'review-draws-done');
    const [told] = await nodes.b.ask(listAttestations, {});
    expect(told).toMatchObject({ outcome: 'clean', size: PRINTS });
    expect(complaints).toEqual([]);
  });
});

/** Presses the key, and resolves with how many ms it took until the picture of another work was there, or none. */
const NEXT_SHOWN = `async (isLast) => {
  const started = performance.now();
  const title = () => document.querySelector('.task h2')?.textContent;
  const before = document.querySelector('.task');
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }));
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const task = document.querySelector('.task');
    const picture = task?.querySelector('.zoom-sheet img');
    const isThere = picture?.complete && picture.naturalWidth > 0;
    if (isLast ? task === null : task !== before && isThere) return performance.now() - started;
    if (performance.now() - started > 20000) throw new Error('no other work came');
  }
}`;
