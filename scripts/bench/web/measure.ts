import type { Page } from 'playwright-core';

/** Words of the made-up catalogue and some that are in none. */
const TYPED = [
  'quarry',
  'harbour',
  'drawing',
  'study of',
  'maker 12',
  'river',
  'xylophone',
  'night',
];
const BETWEEN_LETTERS_MS = 120;
const LOADS = 5;
const SCROLLED_MS = 8000;
const OPENED = 50;
/** A tile whose words, picture or text have not come, nor that there is none. */
const UNFILLED = '.work:empty, .mat > img:not(.came), .excerpt:empty';

interface Spread {
  readonly n: number;
  readonly p50ms: number;
  readonly p95ms: number;
  readonly maxms: number;
}

/** From the beginning of a navigation to the first work with its words on the page, and to the first paint. */
export async function measurePaint(page: Page): Promise<{ useful: Spread; first: Spread }> {
  const [useful, first]: [number[], number[]] = [[], []];
  for (let load = 0; load < LOADS; load += 1) {
    await page.goto(new URL('/', page.url()).href);
    const seen = await page.evaluate<[number, number]>(`new Promise((done) => {
      const look = () => {
        if (document.querySelector('.work-title') === null) return requestAnimationFrame(look);
        requestAnimationFrame(() => tell(performance.now()));
      };
      // Chromium says when it painted first some frames later.
      const tell = (useful) => {
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        if (paint === undefined) requestAnimationFrame(() => tell(useful));
        else done([useful, paint.startTime]);
      };
      look();
    })`);
    useful.push(seen[0]);
    first.push(seen[1]);
  }
  return { useful: spreadOf(useful), first: spreadOf(first) };
}

/** From each letter to the frame in which what is found by it stands on the page. */
export async function measureTyping(page: Page): Promise<Spread> {
  await page.evaluate(`{
    window.answered = [];
    const field = document.querySelector('#q');
    field.addEventListener('input', () => {
      const [typed, began] = [field.value, performance.now()];
      const look = () => {
        // Whoever types on is not answered about what was typed before.
        if (field.value !== typed) return;
        const found = document.querySelector('section[aria-label]');
        if (!found?.ariaLabel.endsWith(' ' + typed)) return requestAnimationFrame(look);
        window.answered.push(performance.now() - began);
      };
      requestAnimationFrame(look);
    });
  }`);
  for (const words of TYPED) {
    await page.locator('#q').fill('');
    await page.locator('#q').pressSequentially(words, { delay: BETWEEN_LETTERS_MS });
    await page.getByRole('region', { name: `Works found for ${words}` }).waitFor();
  }
  const answered = await page.evaluate<number[]>('window.answered');
  await page.locator('#q').fill('');
  return spreadOf(answered);
}

/**
 * Frames while the wheel turns, without a pause or with so long a one after each turn, how many of them had a tile in view without its words, and how long
 * after the last turn each work in view had its picture, its text, or was said to have none.
 */
export async function measureScrolling(page: Page, pauseMs: number) {
  await page.goto(new URL('/', page.url()).href);
  await page.locator('.work-title').first().waitFor();
  await page.mouse.move(700, 500);
  await page.evaluate(`{
    window.frames = [];
    window.without = 0;
    const isSeen = (element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    };
    window.areSeen = (selector) => [...document.querySelectorAll(selector)].some(isSeen);
    document.addEventListener('load', ({ target }) => target.classList.add('came'), true);
    let last = performance.now();
    const tick = (now) => {
      window.frames.push(now - last);
      last = now;
      if (areSeen('.work:empty')) window.without += 1;
      window.ticking = requestAnimationFrame(tick);
    };
    window.ticking = requestAnimationFrame(tick);
  }`);
  const began = performance.now();
  while (performance.now() - began < SCROLLED_MS) {
    await page.mouse.wheel(0, 120);
    if (pauseMs > 0) await page.waitForTimeout(pauseMs);
  }
  const ended = performance.now();
  const [frames, without] = await page.evaluate<[number[], number]>(
    'cancelAnimationFrame(window.ticking), [window.frames, window.without]',
  );
  await page.evaluate(`new Promise((done) => {
    const look = () => (areSeen(${JSON.stringify(UNFILLED)}) ? requestAnimationFrame(look) : done());
    look();
  })`);
  const filledMs = rounded(performance.now() - ended);
  const pixels = await page.evaluate<number>('scrollY');
  const all = frames.slice(1);
  const total = all.reduce((sum, ms) => sum + ms, 0);
  const framesPerSecond = rounded((all.length * 1000) / total);
  return { framesPerSecond, frame: spreadOf(all), pixels, framesWithoutWords: without, filledMs };
}

/** What the page holds on to: before, after all works have been passed in a hundred leaps, and after some were opened. */
export async function measureMemory(page: Page) {
  const before = await held(page);
  for (let leap = 1; leap <= 100; leap += 1) {
    await page.evaluate(`scrollTo(0, document.body.scrollHeight * ${leap / 100})`);
    await page.locator('.work-title').first().waitFor();
  }
  const after = await held(page);
  for (let opened = 0; opened < OPENED; opened += 1) {
    await page.locator('.work-title').first().click();
    await page.waitForURL('**/assets/**');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goBack();
    await page.locator('.work-title').first().waitFor();
  }
  return { before, after, afterOpening: await held(page) };
}

async function held(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  await session.detach();
  return {
    heapMiB: rounded(value('JSHeapUsedSize') / 1_048_576),
    elements: await page.evaluate<number>("document.querySelectorAll('*').length"),
    /** Those too that stand on no page any more. */
    nodes: value('Nodes'),
  };
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { n: sorted.length, p50ms: at(0.5), p95ms: at(0.95), maxms: at(1) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
