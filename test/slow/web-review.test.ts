import { cpSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { explainAsset } from '../../src/archive/operations/explain-asset.ts';
import { grantRole } from '../../src/archive/operations/govern.ts';
import { listReviews } from '../../src/archive/operations/judge-things.ts';
import {
  draftOneClaim,
  importOneClaim,
  vouchForMaker,
} from '../../src/archive/operations/make-claims.ts';
import { listReviewQueue } from '../../src/archive/operations/queue-reviews.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { signerOf } from '../support/keys.ts';
import { openPartnerNodes, type PartnerNodes } from '../support/partner-nodes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);
const SOON = { timeout: 60_000, interval: 250 };
const PLACE = { prefix: [], p2p: '/ip4/127.0.0.1/tcp/0' };

const WORKS = {
  'alice.png': 'illustrations/tenniel-alice-02.png',
  'hatter.png': 'illustrations/tenniel-alice-26.png',
};

describe.skipIf(!canRun)('the review pages (skipped without chromium and the corpus)', () => {
  const temporary = temporaryFolder();
  const complaints: string[] = [];
  let nodes: PartnerNodes;
  let browser: Browser;
  let asset = '';

  beforeAll(async () => {
    nodes = await openPartnerNodes(temporary.path, [PLACE, PLACE, PLACE]);
    const { a, dids } = nodes;
    for (const key of [dids.b, dids.c]) {
      await a.ask(grantRole, { key, role: 'reviewer', replica: 'all' });
    }
    const offered = join(temporary.path, 'offered');
    const kit = join(temporary.path, 'kit');
    mkdirSync(offered);
    mkdirSync(kit);
    for (const [name, from] of Object.entries(WORKS)) {
      cpSync(join(corpus, from), join(offered, name));
    }
    writeFileSync(join(kit, 'sketch.psd'), '8BPS\0\x01');
    writeFileSync(join(kit, 'final.psd'), '8BPS\0\x01 ');
    utimesSync(join(kit, 'sketch.psd'), 1_500_000_000, 1_500_000_000);
    const rows = ['path,title,creator,licence'];
    for (const name of Object.keys(WORKS)) rows.push(`${name},The ${name},Ann Lee,CC0-1.0`);
    writeFileSync(join(temporary.path, 'rows.csv'), rows.join('\n'));
    await a.run('ingest', offered, '--catalog', join(temporary.path, 'rows.csv'));
    asset = String((await a.run('search', 'alice'))['cid']);
    await a.run('evidence', 'add', asset, '--process', kit);
    await declare();
    browser = await startChromium();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await nodes?.[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  /** The maker says that it was drawn by hand, with a key that a steward knows. */
  async function declare(): Promise<void> {
    const { a } = nodes;
    const signer = signerOf('ann');
    const about = { maker: 'Ann Lee', subject: { assets: [asset] } };
    await a.ask(vouchForMaker, { key: signer.did, ...about });
    const claim = {
      kind: 'declaration',
      sourceType: 'digitalCreation',
      generative: 'none',
    } as const;
    const drafted = { claim: { ...claim, tools: ['pen'] }, ...about, key: signer.did };
    const { file } = await a.ask(draftOneClaim, drafted);
    const signed = JSON.stringify(signClaim(JSON.stringify(file), signer, sha256).claim);
    await a.ask(importOneClaim, { claim: signed, checked: false });
  }

  async function level(): Promise<string> {
    const question = {
      purpose: 'search_index',
      policy: 'corroborated',
      requester: 'anyone',
    } as const;
    const { verdict } = await nodes.a.ask(explainAsset, { ...question, asset });
    return verdict.level;
  }

  /** What was said of the work, and not of whose key it was declared with. */
  async function reviewsAt(name: 'a' | 'b') {
    const reviews = await nodes[name].ask(listReviews, { asset });
    return reviews.filter(({ rubric }) => rubric === 'image-1');
  }

  async function opened(name: 'a' | 'b' | 'c'): Promise<Page> {
    const node = nodes[name];
    await expect
      .poll(async () => (await node.ask(listReviewQueue, {})).waiting.length, SOON)
      .toBe(1);
    const page = await signedInPage(browser, node.home, complaints);
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByRole('heading', { name: '1 to look at' }).waitFor();
    return page;
  }

  it('say before any work is done that the depositor does not review', async () => {
    const page = await opened('a');
    await page.getByText('Your own organisation deposited it').waitFor();
    expect(await page.getByRole('button', { name: 'Into the outbox' }).count()).toBe(0);
    await look(page, 'review-own-deposit');
  });

  it('take a review by keys alone, that can be taken back until it is signed and sent', async () => {
    expect(await level()).toBe('H1');
    const page = await opened('b');
    await page.getByRole('radio').first().waitFor();
    await look(page, 'review');
    const press = (key: string) => page.keyboard.press(key);
    await press('1');
    await press('p');
    await page.getByRole('alert').filter({ hasText: 'no stake' }).waitFor();
    await press('c');
    await press('p');
    await page.getByText('1 not sent').waitFor();
    await page.getByRole('heading', { name: 'Nothing waits' }).first().waitFor();
    await look(page, 'review-outbox');
    await press('u');
    await page.getByText('0 not sent').waitFor();
    expect(await reviewsAt('b')).toEqual([]);
    await page.getByRole('radio').first().waitFor();
    for (const key of ['1', 'c', 'p']) await press(key);
    await page.getByText('1 not sent').waitFor();
    await press('x');
    await page.getByText('1 sent').waitFor();
    expect(await reviewsAt('b')).toMatchObject([{ outcome: 'confirmed' }]);
    await expect.poll(level, SOON).toBe('H3');
  });

  it('bring a second organisation to the same work, and its level rises', async () => {
    const page = await opened('c');
    await page.getByRole('radio', { name: 'Confirmed' }).check();
    await page.getByRole('checkbox', { name: 'I did not make it' }).check();
    await page.getByLabel('A note').fill('The sketch leads to it — חָתוּם');
    await page.getByRole('button', { name: 'Into the outbox' }).click();
    await page.locator('.outbox summary').click();
    await page.locator('.outbox pre').filter({ hasText: '"kind": "review"' }).waitFor();
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('1 sent').waitFor();
    await expect.poll(level, SOON).toBe('H4');
    const reviews = await reviewsAt('a');
    expect(new Set(reviews.map(({ organisation }) => organisation)).size).toBe(2);
    const { waiting } = await nodes.a.ask(listReviewQueue, {});
    expect(waiting).toEqual([]);
  });

  it('answer a hold', async () => {
    const { a, b } = nodes;
    await a.run('hold', 'place', asset, '--reason', 'look-again');
    const page = await opened('b');
    await page.getByText('It is on hold').waitFor();
    await page.getByRole('radio', { name: 'Lifted' }).check();
    await look(page, 'review-hold');
    await page.getByRole('button', { name: 'Into the outbox' }).click();
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('1 sent').waitFor();
    expect((await b.ask(listReviewQueue, {})).waiting).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
