import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drawnToMeasure, look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);

describe.skipIf(!canRun)('releases in a browser (skipped without chromium and the corpus)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  let spring: string;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const catalogue = ['--catalog', join(corpus, 'catalog.csv'), '--custody'];
    const folders = ['svg', 'illustrations'].map((name) => join(corpus, name));
    await run('ingest', ...folders, ...catalogue);
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.on('console', (message) => {
      // What a node refuses is logged by the browser as well.
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    const [found] = (await run('search', 'Spring')) as [{ cid: string }];
    spring = found.cid;
    await run('consent', 'grant', spring, '--maker', 'Patryk Zawadzki', '--preset', 'anyone');
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('say what a selection would give and leave out, as it is typed', async () => {
    await page.getByRole('link', { name: 'Releases' }).click();
    await page.getByRole('heading', { name: 'No release has been cut yet' }).waitFor();
    await look(page, 'releases-none');
    await page.getByRole('link', { name: 'New release' }).click();
    const count = page.locator('.plan-count');
    await count.waitFor();
    await page.getByLabel('For which use').selectOption({ label: 'Training other models' });
    await page.getByLabel('Kind').selectOption({ label: 'Pictures' });
    const [told] = (await run(
      ...['release', 'cut', 'any', '--dry-run', '--media', 'image'],
      ...['--purpose', 'ai_training'],
    )) as [{ counts: { assets: number }; leftOut: { assets: number }[] }];
    await page.getByText(`${told.counts.assets} works,`).first().waitFor();
    expect(page.url()).toContain('media=image');
    const left = told.leftOut.reduce((sum, { assets }) => sum + assets, 0);
    await page.getByRole('heading', { name: `Left out: ${left}` }).waitFor();
    await page.locator('.drawn svg').nth(3).waitFor();
    await drawnToMeasure(page);
    await look(page, 'release-new');
    await page.getByText('As a table').first().click();
    await page.getByRole('rowheader', { name: 'CC-PDDC' }).waitFor();
    await page.getByLabel('Maker', { exact: true }).fill('nobody of that name');
    await page.getByRole('heading', { name: 'Nothing would be in it' }).waitFor();
    await look(page, 'release-new-empty');
    await page.getByLabel('Maker', { exact: true }).fill('');
  });

  it('are cut, while their person looks elsewhere, and tell how they are loaded', async () => {
    await page.getByLabel('Name', { exact: true }).fill('prints');
    await page.getByRole('button', { name: 'Cut this release' }).click();
    await page.getByRole('link', { name: '← Releases' }).click();
    await page.getByText('prints 1.0.0 has been cut').waitFor();
    await look(page, 'releases');
    await page.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('heading', { name: 'prints 1.0.0' }).waitFor();
    await page.getByText('It is served as it was cut').waitFor();
    await page.getByText('import webdataset as wds').first().waitFor();
    expect(await page.locator('.snippet').count()).toBeGreaterThan(2);
    await look(page, 'release');
    await page.getByText('100 of').or(page.getByText('62 of 62 works')).first().waitFor();
    const members = page.getByRole('region', { name: 'Works of this release' });
    await members.scrollIntoViewIfNeeded();
    expect(await members.getByRole('listitem').count()).toBeLessThan(40);
    await members.focus();
    await page.keyboard.press('End');
    await expect.poll(() => members.locator('[aria-posinset="62"]').count()).toBe(1);
    await page.getByLabel('Search titles, makers and CIDs').fill('zawadzki spring');
    await page.getByText('1 of 62 works').waitFor();
    await look(page, 'release-members');
    await page.getByLabel('Search titles, makers and CIDs').fill('');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the summary' }).click();
    const saved = join(temporary.path, 'summary.md');
    await (await saving).saveAs(saved);
    expect(await readFile(saved, 'utf8')).toContain('prints');
  });

  it('show a withdrawal while they are looked at, and where the work went', async () => {
    const [{ id }] = (await run('consent', 'list', spring)) as [{ id: string }];
    await run('consent', 'withdraw', id);
    await page.getByText('Revision 1: 1 work is not served').waitFor();
    await page.getByText('Revision 1, changes: 1').click();
    await page.getByRole('link', { name: spring }).waitFor();
    await look(page, 'release-withdrawn');
    await page.getByLabel('Only what is served no more (1)').check();
    await page.getByText('1 of 62 works').waitFor();
    await page.getByText('A maker took consent back.').last().waitFor();
    await look(page, 'release-left-out');
    expect(complaints).toEqual([]);
  });
});
