import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { accessFaults } from './access-faults.ts';
import { documents, runCommand } from './command.ts';

/** Where people look at the pages afterwards; git leaves it aside. */
const SCREENS = new URL('../../.cache/screens/', import.meta.url).pathname;
const LOOKS = [
  { name: 'light', width: 1280, scheme: 'light' },
  { name: 'dark', width: 1280, scheme: 'dark' },
  { name: 'phone', width: 360, scheme: 'light' },
] as const;

/**
 * Looks at a page in each way that people see it: nothing may be wrong for whoever uses a screen reader,
 * nothing wider than the screen, and a picture is kept of each.
 */
export async function look(page: Page, name: string): Promise<void> {
  for (const { name: way, width, scheme } of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    expect([name, way, await accessFaults(page)]).toEqual([name, way, []]);
    const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect([name, way, wider]).toEqual([name, way, expect.any(Number)]);
    expect(wider).toBeLessThanOrEqual(0);
    mkdirSync(SCREENS, { recursive: true });
    await page.screenshot({ path: join(SCREENS, `${name}-${way}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Sees to it that charts are as wide as there is room, however a window's size is changed, and their letters not smaller. */
export async function drawnToMeasure(page: Page): Promise<void> {
  const widths = () =>
    page.evaluate<[number, number, number][]>(`[...document.querySelectorAll('.drawn')].map(
      (place) => [
        place.clientWidth,
        place.firstElementChild?.clientWidth ?? 0,
        Number(place.firstElementChild?.getAttribute('width')),
      ],
    )`);
  for (const width of [1600, 360, 820, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const drawn = async () =>
      (await widths()).filter(
        ([place, chart, own]) => Math.abs(place - chart) > 1 || Math.abs(chart - own) > 1,
      );
    await expect.poll(drawn, { timeout: 60_000 }).toEqual([]);
    expect(await widths()).not.toEqual([]);
  }
}

/** Opens the pages of a home whose node runs, as its owner, in a profile of their own; `complaints` gets what a page throws. */
export async function signedInPage(
  browser: Browser,
  home: string,
  complaints: string[],
): Promise<Page> {
  const [linked] = documents(await runCommand(['--home', home, '--json', 'browser', 'link']));
  const { url } = z.object({ url: z.string() }).parse(linked);
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.getByText('You are the owner').waitFor();
  return page;
}
