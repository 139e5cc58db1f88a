import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drawnToMeasure, look, signedInPage } from '../support/web-page.ts';

const P2P = ['--p2p', '/ip4/127.0.0.1/tcp/0'];
const WORKS = 12;

/** From so many hours ago until so many ago, in steps. */
const hoursAgo = (from: number, until: number, step: number) =>
  Array.from({ length: Math.ceil((from - until) / step) }, (_, place) => from - place * step);

describe.skipIf(!hasChromium)('the partner pages (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const [home, partner] = [join(temporary.path, 'home'), join(temporary.path, 'partner')];
  const complaints: string[] = [];
  const nodes = new AsyncDisposableStack();
  let browser: Browser;
  let page: Page;
  let invitation: string;
  /** Of this home. */
  let first: TestNode;
  const run = (of: string, ...args: string[]) => runCommand(['--home', of, '--json', ...args]);
  const row = (name: RegExp) => page.getByRole('row', { name });
  const start = async (of: string, ...options: string[]): Promise<TestNode> =>
    nodes.use(await startNode(of, ...P2P, ...options));

  beforeAll(async () => {
    await run(home, 'init', '--name', 'Print Room', '--institution', 'City Museum');
    const works = join(temporary.path, 'works');
    await mkdir(works);
    for (let work = 0; work < WORKS; work++) {
      await writeFile(join(works, `poem-${work}.txt`), `poem ${work}`);
    }
    await run(home, 'ingest', works);
    const path = join(home, 'ringfence.json');
    const settings = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...settings, replica: { challengeMs: 1000 } }));
    first = await start(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.on('console', (message) => {
      // What is no address is refused, which the browser tells too.
      const isRefusal = message.text().includes('status of 400');
      if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await nodes.disposeAsync();
    temporary[Symbol.dispose]();
  });

  it('say that a home is alone, and invite somebody with a string that is shown once', async () => {
    await page.getByRole('link', { name: 'Partners' }).click();
    await page.getByRole('heading', { name: 'Nobody else yet' }).waitFor();
    await look(page, 'partners-alone');
    await page.getByRole('button', { name: 'Invite somebody…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Role').selectOption({ label: 'Witness' });
    await dialog.getByText('Holds nothing').first().waitFor();
    await dialog.getByLabel('Role').selectOption({ label: 'Partner' });
    await dialog.getByText('joins once as Partner').waitFor();
    await look(page, 'partners-invite');
    await dialog.getByRole('button', { name: 'Sign the invitation' }).click();
    await dialog.getByText('It is shown once').waitFor();
    invitation = (await dialog.locator('code').textContent()) ?? '';
    await look(page, 'partners-invited');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Partner open').waitFor();
    expect(await page.content()).not.toContain(invitation);
  });

  it('take an invitation back, once that is said twice', async () => {
    await page.getByRole('button', { name: 'Invite somebody…' }).click();
    await page.getByRole('button', { name: 'Sign the invitation' }).click();
    const other = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Take back…' }).first().click();
    await page.getByRole('button', { name: 'Sign and take back' }).click();
    await page.getByText('Partner taken back').waitFor();
    expect((await run(partner, 'join', other)).status).toBe(EXIT.refused);
  });

  it('keep a node connected by its address, and say why it does not answer', async () => {
    const field = page.getByLabel('Address of another node');
    await field.fill('studio.example:4001');
    await field.press('Enter');
    await page.getByText('is not an address').waitFor();
    expect(await field.inputValue()).toBe('studio.example:4001');
    const gone = '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
    await field.fill(gone);
    await field.press('Enter');
    const line = page.getByRole('listitem').filter({ hasText: gone });
    await line.getByText('Not connected').waitFor();
    await line.getByText('Nobody answers there.').waitFor();
    expect(await field.inputValue()).toBe('');
    await look(page, 'partners-kept');
    const [told] = documents(await run(home, 'peers'));
    expect(told).toMatchObject({ called: [{ address: gone }], connected: [] });
    await line.getByRole('button', { name: 'Keep connected no more' }).press('Enter');
    await line.waitFor({ state: 'detached' });
    expect(documents(await run(home, 'peers'))).toMatchObject([{ called: [] }]);
  });

  it('follow a partner as it joins and catches up, without being asked again', async () => {
    const joined = await run(partner, 'join', invitation, '--name', 'Studio B');
    expect(joined.status).toBe(EXIT.done);
    await row(/Studio B/).waitFor();
    await start(partner, '--listen', 'off');
    await row(/Studio B.*Connected/).waitFor();
    await row(new RegExp(`Studio B.* ${WORKS} – ${WORKS}`)).waitFor({ timeout: 60_000 });
    await page.getByText('As a table').click();
    await page.locator('.watch-chart g[stroke-width="2"] path').waitFor();
    await drawnToMeasure(page);
    await expect.poll(() => page.locator('.watch-table tbody tr').count()).toBeGreaterThan(1);
    await look(page, 'partners-caught-up');
    const [status] = documents(await run(home, 'replicate', 'status'));
    expect(status).toMatchObject({
      nodes: [{ isThisHome: true }, { name: 'Studio B', proven: WORKS }],
    });
    await page.getByText(/used, by: …/).waitFor();
    await page.getByText('It called on').waitFor();
  });

  it('show how a partner has been for weeks, as the node has noted it', async () => {
    const noted = await run(home, 'replicate', 'history');
    expect(noted.status).toBe(EXIT.done);
    const members = z.array(z.looseObject({ id: z.string(), name: z.string() }));
    const listed = members.parse(documents(await run(home, 'member', 'list')));
    const did = listed.find(({ name }) => name === 'Studio B')?.id;
    const address = page.url();
    await page.goto('about:blank');
    await first[Symbol.asyncDispose]();
    // A home that has run for forty days: one sample a day, then one an hour, and a bad day.
    const samples = [...hoursAgo(40 * 24, 8 * 24, 24), ...hoursAgo(6 * 24, 1, 1)].map((hours) => {
      const isBad = hours > 48 && hours < 72;
      const at = `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
      const proven = isBad ? WORKS - 5 : WORKS;
      return [did, at, !isBad, 0, isBad ? 7 : 0, WORKS, proven, WORKS - proven];
    });
    await writeFile(join(home, 'copy-history.json'), JSON.stringify({ samples }));
    // The pages keep their key by their address.
    first = await start(home, '--listen', new URL(address).host);
    await page.goto(address);
    const kept = page.locator('.watch-summaries');
    await kept.getByText(/Connected .* of the .* it lacked 7 entries at most/).waitFor();
    await page.getByLabel('Show', { exact: true }).selectOption({ label: 'What is lacking' });
    await page.getByRole('img', { name: /^Entries of this log/ }).waitFor();
    await look(page, 'partners-lacking');
    await page.getByLabel('Over', { exact: true }).selectOption({ label: 'ninety days' });
    await page.getByLabel('Show', { exact: true }).selectOption({ label: 'What is proven' });
    await page.locator('.watch').scrollIntoViewIfNeeded();
    await look(page, 'partners-history');
    const [told] = documents(await run(home, 'replicate', 'history', '--days', '90'));
    const history = z.looseObject({ samples: z.array(z.looseObject({ at: z.string() })) });
    expect(history.parse(told).samples.length).toBeGreaterThanOrEqual(samples.length);
    await row(/Studio B.*Connected/).waitFor({ timeout: 60_000 });
  });

  it('show who has confirmed the log, and nothing once such a signature was changed', async () => {
    await run(home, 'checkpoint');
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText(/1 other has confirmed its first \d+ entries/).waitFor();
    await page.getByText(/^Studio B, /).waitFor();
    await look(page, 'audit-confirmed');
    await page.route('**/api/v1/operations/log.head', async (route) => {
      const response = await route.fetch();
      // The last signature line is the partner's.
      const body = (await response.text()).replace(
        /(.)(.{8}\\n","by")/,
        (_, one, rest) => `${one === 'A' ? 'B' : 'A'}${rest}`,
      );
      await route.fulfill({ response, body });
    });
    await page.reload();
    await page.getByRole('alert').getByText('a confirmation that the node shows').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    expect(complaints).toEqual([]);
  });
});
