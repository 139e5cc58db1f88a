import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { dropFiles } from '../support/drop-files.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);
const P2P = ['--p2p', '/ip4/127.0.0.1/tcp/0'];
const WORKS = {
  'rabbit.png': 'illustrations/tenniel-alice-02.png',
  'hatter.png': 'illustrations/tenniel-alice-26.png',
  'spring.png': 'illustrations/Spring.png',
};
const BY_HAND = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation';
/** Two nodes and a browser share what there is. */
const SOON = { timeout: 60_000 };

describe.skipIf(!canRun)(
  'an archive from its first day (skipped without chromium and the corpus)',
  () => {
    const temporary = temporaryFolder();
    const [home, other] = [join(temporary.path, 'home'), join(temporary.path, 'other')];
    const complaints: string[] = [];
    const nodes = new AsyncDisposableStack();
    let browser: Browser;
    let page: Page;
    let node: TestNode;
    const run = async (of: string, ...args: string[]) =>
      documents(await runCommand(['--home', of, '--json', ...args]));
    const start = async (of: string, ...options: string[]): Promise<TestNode> =>
      nodes.use(await startNode(of, ...P2P, ...options));
    const go = (at: Page, name: string) =>
      at.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();

    beforeAll(async () => {
      await run(home, 'init', '--name', 'Print Room', '--institution', 'City Museum');
      node = await start(home, '--listen', `127.0.0.1:${await freePort()}`);
      browser = await startChromium();
      page = await signedInPage(browser, home, complaints);
    });
    afterAll(async () => {
      await browser.close();
      await nodes.disposeAsync();
      temporary[Symbol.dispose]();
    });

    it('tells whoever has founded it what to do, and takes in what is dropped', async () => {
      await page.getByRole('heading', { name: 'Nothing is in this archive yet' }).waitFor();
      await look(page, 'first-start');
      await go(page, 'Collection');
      await page.getByRole('heading', { name: 'Nothing is in this archive yet' }).waitFor();
      await look(page, 'first-collection');
      const folder = join(temporary.path, 'prints');
      mkdirSync(folder);
      const rows = ['path,title,creator,licence,digital_source_type'];
      for (const [name, from] of Object.entries(WORKS)) {
        cpSync(join(corpus, from), join(folder, name));
        const licence = name === 'spring.png' ? 'CC-BY-NC-4.0' : 'CC0-1.0';
        rows.push(`${name},The ${name.split('.')[0]},Ann Lee,${licence},${BY_HAND}`);
      }
      writeFileSync(join(folder, 'catalogue.csv'), rows.join('\n'));
      await page.getByRole('link', { name: 'Deposit works' }).click();
      await dropFiles(page, '.offer', [folder]);
      await page.getByText('3 files have a row').waitFor();
      await page.getByLabel('Our institution holds these works').check();
      await page.getByRole('button', { name: /^Deposit 3 files/ }).click();
      await page.getByText('3 of 3 files deposited').first().waitFor(SOON);
    });

    it('has a partner catch up, whose reviewer ends a hold of the founder’s', async () => {
      await go(page, 'Partners');
      await page.getByRole('button', { name: 'Invite somebody…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Role').selectOption({ label: 'Reviewer' });
      await dialog.getByLabel('Is to hold').selectOption({ label: 'Holds everything' });
      await dialog.getByRole('button', { name: 'Sign the invitation' }).click();
      const invitation = (await dialog.locator('code').textContent()) ?? '';
      await dialog.getByRole('button', { name: 'Done' }).click();
      await run(other, 'join', invitation, '--name', 'Studio B');
      await start(other);
      await page.getByRole('row', { name: /Studio B.*Connected.* 3 / }).waitFor(SOON);

      await go(page, 'Collection');
      await page.getByRole('checkbox', { name: 'Select The rabbit' }).check();
      await page.getByRole('button', { name: 'Hold…' }).click();
      await page.getByRole('dialog').getByLabel('Why').fill('look-again');
      await page.getByRole('button', { name: 'Sign and hold' }).click();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByText('They are held.').waitFor();
      const second = await signedInPage(browser, other, complaints);
      await go(second, 'Review');
      await second.getByText('It is on hold').waitFor(SOON);
      await second.getByRole('radio', { name: 'Lifted' }).check();
      await second.getByRole('button', { name: 'Into the outbox' }).click();
      await second.getByRole('button', { name: 'Sign and send' }).click();
      await second.getByText('1 sent').waitFor(SOON);
      await go(page, 'Review');
      await page.getByRole('heading', { name: 'Nothing waits' }).first().waitFor(SOON);
      await second.context().close();
    });

    it('cuts a release, from which a work goes when its maker takes the consent back', async () => {
      const [found] = (await run(home, 'search', 'spring')) as [{ cid: string }];
      const granted = await run(
        ...([home, 'consent', 'grant', found.cid, '--maker', 'Ann Lee'] as const),
        ...['--preset', 'anyone'],
      );
      const { withdrawalCode } = granted.at(-1) as { withdrawalCode: string };
      await go(page, 'Releases');
      await page.getByRole('link', { name: 'New release' }).click();
      await page.getByLabel('For which use').selectOption({ label: 'Training other models' });
      await page.getByText('3 works,').first().waitFor(SOON);
      await page.getByLabel('Name', { exact: true }).fill('prints');
      await page.getByRole('button', { name: 'Cut this release' }).click();
      await page.getByRole('link', { name: 'Look at it' }).click();
      await page.getByText('It is served as it was cut').waitFor();

      const maker = await (await browser.newContext()).newPage();
      await maker.goto(new URL('/makers/withdraw', page.url()).href);
      await maker.getByLabel('Withdrawal code').fill(withdrawalCode);
      await maker.getByRole('button', { name: 'Take it back…' }).click();
      await maker.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
      await maker.getByText('The consent is taken back.').waitFor();
      await maker.context().close();
      await page.getByText('Revision 1: 1 work is not served').waitFor(SOON);
    });

    it('proves a work to whoever does not believe the node', async () => {
      const [found] = (await run(home, 'search', 'rabbit')) as [{ cid: string }];
      await go(page, 'Audit');
      await page.getByRole('textbox', { name: 'CID of the work' }).first().fill(found.cid);
      await page.getByRole('button', { name: 'Make and check a proof' }).click();
      const outcome = page.getByText('The proof holds').or(page.locator('.alarm'));
      await outcome.first().waitFor(SOON);
      expect(await page.locator('.alarm').allTextContents()).toEqual([]);
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the proof' }).click();
      const path = join(temporary.path, 'rabbit.tlog-proof');
      await (await saving).saveAs(path);
      expect(readFileSync(path, 'utf8')).toContain('c2sp.org/tlog-proof@v1');
      await dropFiles(page, '.proof-drop', [path]);
      await page.getByText('The proof holds').waitFor();
    });

    it('shows by Tab alone where one is, magnified four times and in the colours of the system', async () => {
      const [{ cid }] = (await run(home, 'search', 'rabbit')) as [{ cid: string }];
      const rooms = ['/', '/makers', '/deposit', '/review', '/releases', '/releases/new'];
      const walked = await page.context().newPage();
      await walked.setViewportSize({ width: 320, height: 256 });
      await walked.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
      const faults: unknown[] = [];
      for (const room of [
        ...rooms,
        ...['/partners', '/governance', '/audit', '/sign-in', `/assets/${cid}`],
      ]) {
        await walked.goto(new URL(room, page.url()).href);
        await walked.getByRole('heading', { level: 1 }).waitFor();
        const wider = await walked.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(wider) > 0) faults.push([room, 'wider than the screen', wider]);
        let reached = 0;
        for (; reached < 60; reached += 1) {
          await walked.keyboard.press('Tab');
          const at = (await walked.evaluate(FOCUSED)) as Focused | null;
          if (at === null) break;
          if (!at.isMarked || !at.isSeen) faults.push([room, at]);
        }
        expect([room, reached > 3]).toEqual([room, true]);
      }
      expect(faults).toEqual([]);
      await walked.screenshot({ path: '.cache/screens/magnified.png' });
      await walked.close();
    });

    it('says that its node is gone, and goes on when it is back, without being loaded again', async () => {
      const { port } = new URL(page.url());
      await page.goto(new URL('/partners', page.url()).href);
      await page.getByRole('row', { name: /Studio B/ }).waitFor();
      node.signal('SIGTERM');
      await node.ended;
      await go(page, 'Releases');
      await page.getByText('The node does not answer').first().waitFor(SOON);
      await start(home, '--listen', `127.0.0.1:${port}`);
      await page.getByRole('link', { name: 'prints 1.0.0' }).waitFor(SOON);
      await page.getByText('The node does not answer').first().waitFor({ state: 'hidden' });
      expect(complaints).toEqual([]);
    });
  },
);

interface Focused {
  readonly name: string;
  readonly isMarked: boolean;
  readonly isSeen: boolean;
}

/** In the page: what has the focus, whether that is marked, and whether the head of the page leaves it in view. */
const FOCUSED = `(() => {
  const on = document.activeElement;
  if (on === null || on === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(on);
  const { top, bottom, width } = on.getBoundingClientRect();
  const head = document.querySelector('.shell-head').getBoundingClientRect().bottom;
  const least = on.closest('.shell-head, .skip') ? 0 : head;
  return {
    name: on.outerHTML.slice(0, 120),
    isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0,
    isSeen: width > 0 && bottom > least && top < innerHeight,
  };
})()`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
