import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const TITLE = `قصيدة ${'roses '.repeat(1_000)}`;
const WORDS = `<img src=x onerror="alert(1)"> I wrote this. ${'And so on. '.repeat(300)}`;

describe.skipIf(!hasChromium)('the page of objections (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  let url: string;
  let assets: readonly string[];
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const settings = join(home, 'ringfence.json');
    const founded = JSON.parse(readFileSync(settings, 'utf8'));
    writeFileSync(settings, JSON.stringify({ ...founded, inquiries: { open: true } }));
    const rows = ['path,title,creator,licence'];
    for (const [at, title] of [TITLE, 'Violets', 'Sugar'].entries()) {
      writeFileSync(join(temporary.path, `${at}.txt`), `poem ${at}`);
      rows.push(`${at}.txt,${title},Ann Example,CC0-1.0`);
    }
    const catalogue = join(temporary.path, 'rows.csv');
    writeFileSync(catalogue, rows.join('\n'));
    const files = [0, 1, 2].map((at) => join(temporary.path, `${at}.txt`));
    await run('ingest', ...files, '--catalog', catalogue, '--collection', 'open');
    await run('collection', 'set', 'open', '--public');
    assets = (await run('list')).map((one) => String((one as { cid: string }).cid));
    node = await startNode(home);
    url = JSON.parse(readFileSync(join(home, 'node.json'), 'utf8')).url;
    for (const asset of assets) {
      const body = JSON.stringify({ asset, reason: 'made-by-me', text: WORDS });
      const headers = { 'content-type': 'application/json' };
      const sent = await fetch(`${url}/api/v1/objections`, { method: 'POST', headers, body });
      expect(sent.status).toBe(200);
    }
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  const pending = async () => (await run('objection', 'list')).length;
  const dialog = () => page.getByRole('dialog');
  const cards = () => page.locator('.objections > .objection');

  it('shows stewards each work beside what is said against it, whatever that is', async () => {
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByRole('link', { name: '3 objections to answer' }).click();
    await page.getByRole('heading', { name: 'Objections' }).waitFor();
    await page.getByText('<img src=x onerror=').first().waitFor();
    expect(await page.locator('.objection-said img').count()).toBe(0);
    await look(page, 'objections');
  });

  it('says what follows before an answer, and disputes the work when one is upheld', async () => {
    await cards().first().getByRole('button', { name: 'Answer…' }).click();
    expect(await dialog().getByRole('button', { name: 'Answer', exact: true }).isDisabled()).toBe(
      true,
    );
    await dialog().getByLabel('Uphold it').check();
    await dialog().getByText('The home signs a dispute').waitFor();
    await look(page, 'objections-answer');
    await dialog().getByLabel('What they are told').fill('You are right <b>');
    await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByText('Answered before (1)').waitFor();
    expect(await pending()).toBe(2);
    const disputes = await run('dispute', 'list');
    expect(JSON.stringify(disputes)).toContain('made-by-me:obj_');
  });

  it('takes a work down where that is asked for, and again alone where only that failed', async () => {
    await page.route('**/operations/stop', (route) => route.abort(), { times: 1 });
    await cards().first().getByRole('button', { name: 'Answer…' }).click();
    await dialog().getByLabel('Uphold it').check();
    await dialog().getByLabel('Take it down as well').check();
    await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
    await dialog().getByRole('alert').filter({ hasText: 'it was not taken down' }).waitFor();
    expect(await dialog().getByLabel('Do not follow it').isDisabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Try again to take it down' }).click();
    await page.getByText('Answered before (2)').waitFor();
    expect(JSON.stringify(await run('takedown', 'list'))).toContain('objection:obj_');
  });

  it('does not write over what another steward has answered meanwhile', async () => {
    await cards().first().getByRole('button', { name: 'Answer…' }).click();
    const [{ id }] = (await run('objection', 'list')) as [{ id: string }];
    await run('objection', 'answer', id, '--outcome', 'dismissed', '--text', 'No');
    await dialog().getByLabel('Uphold it').check();
    await dialog().getByRole('button', { name: 'Answer', exact: true }).click();
    await dialog().getByRole('alert').filter({ hasText: 'meanwhile: dismissed' }).waitFor();
    await look(page, 'objections-meanwhile');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Nobody waits for an answer' }).waitFor();
    await page.getByText('Answered before (3)').click();
    await page.locator('.objection dd').filter({ hasText: 'Not followed' }).waitFor();
    await look(page, 'objections-answered');
    expect(complaints).toEqual([]);
  });
});
