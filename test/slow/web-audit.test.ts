import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { dropFiles } from '../support/drop-files.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { silent } from '../support/silent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const ENTRIES = 30;

describe.skipIf(!hasChromium)('the audit pages (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  let asset: string;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));
  const to = (path: string) => page.goto(new URL(path, page.url()).href);
  const declare = () =>
    askNode(
      home,
      'declare',
      {
        subject: { assets: [asset] },
        ...{ sourceType: 'digitalCreation', generative: 'none', tools: ['pen'] },
      },
      silent,
    );
  /** Changes what the node answers to an operation, until the next call. */
  const tamper = async (name: string, change: (text: string) => string) => {
    await page.unrouteAll({ behavior: 'wait' });
    await page.route(`**/api/v1/operations/${name}`, async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
  };
  const alarm = () => page.getByRole('alert');

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const works = join(temporary.path, 'works');
    await mkdir(works);
    await writeFile(join(works, 'poem.txt'), 'roses are red, and nobody planted them');
    await run('ingest', works);
    const [deposited] = await run('list');
    asset = String((deposited as { cid: string }).cid);
    node = await startNode(home);
    // More entries than one page of the log has.
    for (let count = 0; count < ENTRIES; count++) await declare();
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('check the log against the key that the browser signed in with, and remember it', async () => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('This browser sees this log for the first time').waitFor();
    await page.getByText(/The node has signed its log of \d+ entries/).waitFor();
    await look(page, 'audit-first');
    await declare();
    await page.reload();
    await page.getByText('It only grew since the last visit').waitFor();
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'Newer' }).waitFor();
    expect(page.url()).toContain('before=');
    await look(page, 'audit-older');
  });

  it('show an entry once its place, signature and statements are checked here', async () => {
    await page.getByRole('link', { name: 'Deposited' }).first().click();
    await page.getByText(/It stands at place \d+ in a log of \d+ entries/).waitFor();
    await page.getByText('Signed by').first().waitFor();
    await page.getByText('Every field').first().click();
    await page.getByText('"filename"').or(page.locator('pre').first()).first().waitFor();
    await look(page, 'audit-entry');
  });

  it('show nothing of an entry whose proof, blocks or words were tampered with', async () => {
    const changes: Readonly<Record<string, (text: string) => string>> = {
      proof: (text) =>
        text.replace(
          /(index \d+\\n)(.)/,
          (_, index, first) => `${index}${first === 'A' ? 'B' : 'A'}`,
        ),
      place: (text) => text.replace(/index \d+/, 'index 2'),
      block: (text) =>
        text.replace(
          /"bytes":"(.{40})(.)/,
          (_, begin, one) => `"bytes":"${begin}${one === 'A' ? 'B' : 'A'}`,
        ),
    };
    for (const [what, change] of Object.entries(changes)) {
      await tamper('log.show', change);
      await page.reload();
      await alarm().getByText('does not hold').waitFor();
      expect([what, await page.getByText('Every field').count()]).toEqual([what, 0]);
    }
    await look(page, 'audit-entry-broken');
  });

  it('sound an alarm where the log is signed by another, forgets or forks', async () => {
    await tamper('log.head', (text) => text.replace(/(— [^\\]*)(.)==?\\n/, '$1A==\\n'));
    await to('/audit');
    await alarm().getByText('does not hold').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    const { size } = (await run('log', 'head'))[0] as { size: number };
    await declare();
    await tamper('log.consistency', (text) => text.replace(/"hashes":\["(.)/, '"hashes":["A'));
    await page.reload();
    await alarm().getByText('another past than before').waitFor();
    await look(page, 'audit-forked');
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    await page.getByText(`when it had ${size} entries`).waitFor();
    expect(await alarm().count()).toBe(0);
  });

  it('prove one work, save the proof, and refuse one that was changed', async () => {
    await page.getByRole('textbox', { name: 'CID of the work' }).first().fill(asset);
    await page.getByRole('button', { name: 'Make and check a proof' }).click();
    await page.getByText('The proof holds').waitFor();
    await look(page, 'audit-proof');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the proof' }).click();
    const path = join(temporary.path, 'work.tlog-proof');
    await (await saving).saveAs(path);
    const proof = await readFile(path, 'utf8');
    const choose = page.getByLabel('Or check a proof that you have');
    const file = (text: string) => {
      return { name: 'a.tlog-proof', mimeType: 'text/plain', buffer: Buffer.from(text) };
    };
    await choose.setInputFiles(file(proof.replace(/index \d+/, 'index 0')));
    await alarm().getByText('This proof does not hold').waitFor();
    await choose.setInputFiles(file('<script>alert(1)</script>'));
    await alarm().getByText('This proof does not hold').waitFor();
    await choose.setInputFiles(file(proof));
    await page.getByText('The proof holds').waitFor();
    await choose.setInputFiles(file('<script>alert(1)</script>'));
    await alarm().getByText('This proof does not hold').waitFor();
    // The log was seen before, so nothing is asked of the node.
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(request.url()));
    await dropFiles(page, '.proof-drop', [path]);
    await page.getByText('The proof holds').waitFor();
    expect(asked).toEqual([]);
    const report = page.waitForEvent('download');
    await page.getByRole('textbox', { name: 'CID of the work' }).last().fill(asset);
    await page.getByRole('button', { name: 'Download' }).last().click();
    expect((await report).suggestedFilename()).toContain(asset);
    expect(complaints).toEqual([]);
  });
});
