import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { signedInPage } from '../support/web-page.ts';

const LETTERS = 400;
/** Some of what is asked for together, in pixels: the words of works are there while they are passed. */
const PAGE = 3600;

describe.skipIf(!hasChromium)('many works in the collection (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home', '.ringfence');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const words = (n: number) => `Words of letter number ${n}.`;

  beforeAll(async () => {
    const files = Array.from({ length: LETTERS }, (_, n) => {
      const path = join(temporary.path, `letter-${String(n).padStart(3, '0')}.txt`);
      writeFileSync(path, words(n));
      return path;
    });
    const run = (...args: string[]) => runCommand(['--home', home, '--json', ...args]);
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    await run('ingest', ...files);
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    await page.goto(new URL('/', page.url()).href);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  /** Goes from one place to another in each of some frames; says whether one of them was late. */
  const passBetween = (one: number, other: number) =>
    page.evaluate<boolean>(`new Promise((done) => {
      let [jumps, isLate, last] = [0, false, performance.now()];
      const jump = (now) => {
        isLate ||= now - last > 80;
        last = now;
        jumps += 1;
        if (jumps > 12) return done(isLate);
        scrollTo(0, jumps % 2 === 0 ? ${one} : ${other});
        requestAnimationFrame(jump);
      };
      requestAnimationFrame(jump);
    })`);

  it('asks for nothing to look at while works are only passed, and shows it where one stays', async () => {
    await page.locator('.excerpt:not(:empty)').first().waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/preview')) asked += 1;
    });
    // Where frames come late somebody may be thought to stay, and the next places are tried.
    for (let place = 0; ; place += PAGE) {
      await page.evaluate(`scrollTo(0, ${place})`);
      await expect.poll(() => page.locator('.work:empty, .excerpt:empty').count()).toBe(0);
      asked = 0;
      const isLate = await passBetween(place + PAGE / 2, place + (PAGE * 3) / 4);
      if (isLate) continue;
      expect(asked).toBe(0);
      break;
    }
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const seen = page.getByRole('listitem').last();
    await seen.getByText(/^Words of letter number \d+\.$/).waitFor();
    expect(asked).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('keeps what is seen as it is where more works are asked for', async () => {
    // Sixty works are asked for together; this one stays in view while those before it go.
    await page.evaluate('scrollTo(0, 4100)');
    await page.locator('[data-place="75"] a').waitFor();
    await page.evaluate(`window.seen = document.querySelector('[data-place="75"] a')`);
    await page.evaluate(`new Promise((done) => {
      let left = 10;
      const step = () => {
        scrollBy(0, 100);
        left -= 1;
        if (left === 0) done();
        else requestAnimationFrame(() => setTimeout(step, 50));
      };
      step();
    })`);
    await page.locator('[data-place="90"] a').waitFor();
    expect(await page.locator('[data-place="55"]').count()).toBe(0);
    expect(await page.evaluate('window.seen.isConnected')).toBe(true);
  });

  it('opens the work that is clicked in the page, and leads back to where it was', async () => {
    await page.evaluate('scrollTo(0, 3000)');
    const link = page.locator('[data-place="52"] a');
    await link.waitFor();
    const place = await page.evaluate<number>('scrollY');
    const address = await link.getAttribute('href');
    await page.evaluate('window.isTheSame = true');
    await link.click();
    await page.waitForURL(`**${address}`);
    await page.goBack();
    await link.waitFor();
    await expect.poll(() => page.evaluate('scrollY')).toBe(place);
    expect(await page.evaluate('window.isTheSame')).toBe(true);
  });
});
