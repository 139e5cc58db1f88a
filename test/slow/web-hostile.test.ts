import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const RUN = "document.documentElement.dataset.ran='yes';fetch('http://127.0.0.1:9/ran')";
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" onload="${RUN}"><script>${RUN}</script>
<image href="http://127.0.0.1:9/ran"/><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="${RUN}"/></foreignObject>
<rect width="80" height="40" fill="#06c"/></svg>`;
const HTML = `<!doctype html><title>x</title><body onload="${RUN}"><script>${RUN}</script><img src=x onerror="${RUN}"><p>Words.</p>`;
const MARKUP = `<img src=x onerror="${RUN}">{{constructor.constructor('${RUN}')()}}`;
const LONG = 'long '.repeat(2000).trim();

/** Titles by file. */
const WORKS: Readonly<Record<string, string>> = {
  'scripted.svg': 'A scripted drawing',
  'page.html': MARKUP,
  'long.txt': LONG,
  'unbroken.txt': 'x'.repeat(2000),
  'rtl.txt': '\u202eمتحف الفن\u202c ספר',
  'emoji.txt': '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(40),
  'zalgo.txt': `z${'\u0300'.repeat(200)}algo`,
  'huge.png': 'A hundred megapixels',
  'lie.mp4': 'A film that is none',
};

describe.skipIf(!hasChromium)('hostile works (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const complaints: string[] = [];
  const asked: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));

  beforeAll(async () => {
    const folder = join(temporary.path, 'works');
    mkdirSync(folder);
    for (const name of Object.keys(WORKS)) writeFileSync(join(folder, name), `Words of ${name}.\n`);
    writeFileSync(join(folder, 'scripted.svg'), SVG);
    writeFileSync(join(folder, 'page.html'), HTML);
    const background = { width: 10_000, height: 10_000, channels: 3, background: '#284' } as const;
    await sharp({ create: background }).png().toFile(join(folder, 'huge.png'));
    const header = Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1');
    writeFileSync(join(folder, 'lie.mp4'), Buffer.concat([header, Buffer.from(HTML.repeat(50))]));
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = Object.entries(WORKS).map(
      ([name, title]) => `${name},${quoted(title)},${quoted(MARKUP)},CC0-1.0`,
    );
    const catalogue = join(temporary.path, 'rows.csv');
    writeFileSync(catalogue, ['path,title,creator,licence', ...rows, ''].join('\n'));
    await run('init', '--name', '<script>alert(1)</script> Room', '--institution', 'City Museum');
    await run('ingest', folder, '--catalog', catalogue, '--custody');
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.on('request', (request) => asked.push(new URL(request.url()).host));
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  /** Nothing has run, nothing was fetched from elsewhere, and the page answers. */
  async function isUnharmed(): Promise<void> {
    expect(await page.evaluate('document.documentElement.dataset.ran')).toBeUndefined();
    expect(new Set(asked)).toEqual(new Set([new URL(page.url()).host]));
    expect(complaints).toEqual([]);
  }

  it('neither run, nor break, nor stall the collection, as tiles or as a list', async () => {
    await page.getByRole('link', { name: 'Collection' }).click();
    const works = page.locator('.work');
    await expect.poll(() => works.count()).toBe(Object.keys(WORKS).length);
    // The drawing and the picture of 100 megapixels are shown, as what the node has made of them.
    const drawn =
      '[...document.querySelectorAll(".work img")].filter((one) => one.naturalWidth > 0)';
    await expect.poll(() => page.evaluate(`${drawn}.length`), { timeout: 60_000 }).toBe(2);
    await look(page, 'hostile-collection');
    await page.getByRole('button', { name: 'As a list' }).click();
    await look(page, 'hostile-list');
    await page.getByRole('searchbox').fill('hundred megapixels');
    await expect.poll(() => works.count()).toBe(1);
    await isUnharmed();
  });

  it('neither run, nor break, nor stall their own pages', async () => {
    for (const { cid, title } of (await run('list')) as { cid: string; title: string }[]) {
      await page.goto(new URL(`/assets/${cid}`, page.url()).href);
      const heading = page.getByRole('heading', { level: 1 });
      await heading.waitFor();
      expect((await heading.textContent())?.slice(0, 9)).toBe(title.slice(0, 9));
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wider, title.slice(0, 40)).toBeLessThanOrEqual(0);
      await isUnharmed();
    }
  });
});
