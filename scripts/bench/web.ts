import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from '../../test/support/build-pages.ts';
import { startChromium } from '../../test/support/chromium.ts';
import { startNode } from '../../test/support/running-node.ts';
import { signedInPage } from '../../test/support/web-page.ts';
import { fillHome } from './web/fill-home.ts';
import { measureMemory, measurePaint, measureScrolling, measureTyping } from './web/measure.ts';

/**
 * The collection in a real browser: `npm run bench -- web [ASSETS]` deposits the rows of a made-up catalogue (100,000),
 * runs a node over them, and measures in Chromium the time to the first works on the page, from a letter to
 * what is found by it, frames while scrolling, and memory after all of it was passed. Kept in `results/web.json`.
 */
const [assets = 100_000] = process.argv.slice(2).map(Number);
const started = loadavg();
const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-web-'));
try {
  const home = join(folder, 'home');
  await fillHome(folder, home, assets);
  setup();
  await using _node = await startNode(home);
  const browser = await startChromium();
  const complaints: string[] = [];
  const page = await signedInPage(browser, home, complaints);
  await page.setViewportSize({ width: 1280, height: 900 });
  const figures = {
    paint: await measurePaint(page),
    typing: await measureTyping(page),
    scrolling: await measureScrolling(page, 0),
    // Some one and a half screens in a second: pictures come while somebody scrolls.
    slowScrolling: await measureScrolling(page, 60),
    memory: await measureMemory(page),
  };
  await browser.close();
  console.log(JSON.stringify({ ...figures, complaints }, null, 2));
  const kept = {
    date: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    load: { before: started[0], after: loadavg()[0] },
    ...{ assets, ...figures, complaints },
  };
  const path = new URL('results/web.json', import.meta.url);
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
