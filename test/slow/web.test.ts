import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessFaults } from '../support/access-faults.ts';
import { builtPages } from '../support/built-pages.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);

const MOST_SCRIPT_BYTES = 200 * 1024;

describe.skipIf(!canRun)('the pages (skipped without chromium and the corpus)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'Print Room', '.ringfence');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const catalogue = ['--catalog', join(corpus, 'catalog.csv'), '--custody'];
    await run('ingest', corpus, ...catalogue);
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    await look(page, 'account');
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('begin with a script that is not large', () => {
    expect(builtPages().firstScriptBytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
  });

  it('find a work as one types, and keep what was asked for in the address', async () => {
    await page.getByRole('link', { name: 'Collection' }).click();
    const kind = page
      .getByRole('group', { name: 'Kind' })
      .getByRole('button', { name: 'SVG drawing' });
    await kind.click();
    await page.locator('.work img').nth(3).waitFor();
    expect(page.url()).toContain('media=image%2Fsvg%2Bxml');
    await look(page, 'collection');
    await kind.click();
    const found = (await run('search', 'alic*')).length;
    expect(found).toBeGreaterThan(1);
    const told = page.getByRole('status').filter({ hasText: `${found} found` });
    await page.getByRole('searchbox').fill('alic');
    await told.waitFor();
    expect(page.url()).toContain('q=alic');
    await page.reload();
    await told.waitFor();
    await page.locator('.work').nth(1).waitFor();
    await page.getByRole('searchbox').fill('nothing of that name');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await look(page, 'collection-empty');
  });

  it('show what is deposited while one looks', async () => {
    await page.getByRole('searchbox').fill('lithograph of the harbour');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    const folder = join(temporary.path, 'late');
    mkdirSync(folder);
    writeFileSync(join(folder, 'lithograph of the harbour.txt'), 'Stone, ink, paper.\n');
    await run('ingest', folder, '--custody');
    await page.getByRole('listitem').filter({ hasText: 'lithograph of the harbour' }).waitFor();
  });

  it('have their main pages behind a button where there is no room for a row', async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    await page.getByRole('button', { name: 'Menu' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').getByRole('link', { name: 'Collection' }).waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.screenshot({ path: '.cache/screens/menu-phone.png' });
    await page.keyboard.press('Escape');
    await page.getByRole('navigation').waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('say that there is nothing, or that the node does not answer', async () => {
    await page.goto(
      new URL('/assets/bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', page.url())
        .href,
    );
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await look(page, 'asset-missing');
    await page.goto(new URL('/', page.url()).href);
    await page.locator('.work').first().waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('searchbox').fill('cat');
    await page.getByText('The node does not answer').first().waitFor();
    await look(page, 'offline');
    expect(complaints).toEqual([]);
  });
});
