import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);

const HOSTILE = '<img src=x onerror=alert(1)> صورة '.repeat(300).slice(0, 10_000);
const FILES = {
  'alice.png': 'illustrations/tenniel-alice-02.png',
  'hatter.png': 'illustrations/tenniel-alice-26.png',
};

describe.skipIf(!canRun)('the page of a work (skipped without chromium and the corpus)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, '.ringfence');
  const complaints: string[] = [];
  const works = new Map<string, string>();
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));
  const cid = (title: string) => works.get(title) ?? '';
  const open = (title: string, search = '') =>
    page.goto(new URL(`/assets/${cid(title)}${search}`, page.url()).href);

  beforeAll(async () => {
    const offered = join(temporary.path, 'offered');
    mkdirSync(offered);
    for (const [name, from] of Object.entries(FILES)) {
      cpSync(join(corpus, from), join(offered, name));
    }
    writeFileSync(join(offered, 'hostile.txt'), 'Once upon a time.\n');
    const rows = [
      'path,title,creator,year,licence,digital_source_type,note',
      'alice.png,Alice and the curtain,John Tenniel,1865,CC0-1.0,print,wood engraving',
      'hatter.png,The Hatter,John Tenniel,1865,CC0-1.0,print,',
      `hostile.txt,"${HOSTILE}",منى,,CC0-1.0,digitalCreation,`,
    ];
    const catalogue = join(temporary.path, 'rows.csv');
    writeFileSync(catalogue, [...rows, ''].join('\n'));
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    await run('ingest', offered, '--catalog', catalogue, '--custody');
    for (const { title, cid: named } of (await run('list')) as { title: string; cid: string }[]) {
      works.set(title, named);
    }
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('answers five questions, each with the rules behind it and who said what, when', async () => {
    await open('Alice and the curtain');
    await page.getByRole('heading', { name: 'Alice and the curtain' }).waitFor();
    await page.locator('.mat img').waitFor();
    await page.locator('.gates').waitFor();
    await look(page, 'asset');
    const gate = page.locator('.gates > details').filter({ hasText: 'Is human making shown?' });
    await gate.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    const custody = gate.locator('.statement').filter({ hasText: 'Custody stated' }).first();
    await custody.getByText('City Museum').first().waitFor();
    expect(await custody.locator('time').first().getAttribute('datetime')).toMatch(/^20\d\d-/);
    await custody.locator('summary').focus();
    await page.keyboard.press('Enter');
    await custody.getByText('did:key:').waitFor();
    await gate.scrollIntoViewIfNeeded();
    await look(page, 'asset-gate');
  });

  it('asks for another use, by another policy, and keeps that in the address', async () => {
    await page.getByLabel('By which policy').selectOption('gold');
    await page.getByText('Not on what has been shown so far').waitFor();
    await page.getByLabel('For which use').selectOption('search_index');
    await expect.poll(() => page.url()).toContain('purpose=search_index');
    expect(page.url()).toContain('policy=gold');
    await page.reload();
    await page.locator('.gates').waitFor();
    expect(await page.getByLabel('For which use').inputValue()).toBe('search_index');
    expect(await page.getByLabel('By which policy').inputValue()).toBe('gold');
  });

  it('tells everything that was said, and what is said while one looks', async () => {
    const timeline = page.getByRole('region', { name: 'Everything that was said of it' });
    await timeline.scrollIntoViewIfNeeded();
    await timeline.getByText('Deposited').first().waitFor();
    await run(
      'hold',
      'place',
      cid('Alice and the curtain'),
      '--reason',
      'PROVENANCE',
      '--note',
      'Whose?',
    );
    const hold = timeline.locator('.statement').filter({ hasText: 'Put on hold' });
    await hold.locator('summary').click();
    await hold.getByText('Whose?').waitFor();
    await page.getByText('This work is on hold until somebody has looked at it.').waitFor();
    await look(page, 'asset-timeline');
    await page.evaluate('scrollTo(0, 0)');
    await look(page, 'asset-on-hold');
  });

  it('runs nothing that a title says, however long it is', async () => {
    await page.goto(new URL(`/assets/${[...works].at(-1)?.[1]}`, page.url()).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.gates').waitFor();
    await look(page, 'asset-hostile');
    expect(complaints).toEqual([]);
  });
});
