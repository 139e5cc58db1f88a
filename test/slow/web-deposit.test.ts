import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { dropFiles } from '../support/drop-files.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = resolve(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus');
const canRun = hasChromium && existsSync(corpus);
const MEGABYTE = 1_000_000;

describe.skipIf(!canRun)(
  'depositing in a browser (skipped without chromium and the corpus)',
  () => {
    const temporary = temporaryFolder();
    const at = (name: string) => join(temporary.path, name);
    const complaints: string[] = [];
    let browser: Browser;
    let node: TestNode;
    let page: Page;
    const runIn = async (home: string, ...args: string[]) =>
      documents(await runCommand(['--home', at(home), '--json', ...args]));
    const over = () =>
      page
        .getByRole('heading', { name: 'Everything has been looked at' })
        .waitFor({ timeout: 240_000 });
    const group = (title: string) => page.getByRole('group').filter({ hasText: title });
    const figure = (title: string) => group(title).locator('.figure').first().innerText();

    beforeAll(async () => {
      await runIn('home', 'init', '--name', 'Print Room', '--institution', 'City Museum');
      node = await startNode(at('home'));
      browser = await startChromium();
      page = await signedInPage(browser, at('home'), complaints);
    });
    afterAll(async () => {
      await browser.close();
      await node[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    });

    it('finds a catalogue in a folder that is dropped, and says what it means before anything is sent', async () => {
      await page.getByRole('link', { name: 'Deposit', exact: true }).click();
      await look(page, 'deposit');
      await dropFiles(page, '.offer', [corpus]);
      await page.getByText('271 files have a row').waitFor();
      const row = page.getByRole('row').filter({ hasText: 'digital_source_type' });
      await row.getByText('How it was made').waitFor();
      await look(page, 'deposit-found');
    });

    it('takes in all of it, as "ingest" does', async () => {
      await runIn('other', 'init', '--name', 'Print Room', '--institution', 'City Museum');
      const catalogue = ['--catalog', join(corpus, 'catalog.csv'), '--custody'];
      const told = await runIn('other', 'ingest', corpus, ...catalogue);
      const done = told.at(-1) as { deposits: number; uncatalogued: number };
      // The catalogue itself has no row either; here it is not among the files.
      expect(await figure('Files without a row')).toBe(String(done.uncatalogued - 1));
      await page.getByLabel('Our institution holds these works').check();
      await page.getByRole('button', { name: /^Deposit 271 files/ }).click();
      await page.getByRole('group').filter({ hasText: 'the newest first' }).waitFor();
      await look(page, 'deposit-under-way');
      await over();
      await page.getByText('271 of 271 files deposited').first().waitFor();
      await look(page, 'deposit-over');
      const [[here], [there]] = [await runIn('home', 'status'), await runIn('other', 'status')];
      const { assets, verdicts } = here as { assets: number; verdicts: object };
      expect({ assets, verdicts }).toEqual({ assets: 271, verdicts: (there as never)['verdicts'] });
      expect(done.deposits).toBe(assets);
    });

    it('takes a folder of many files in few entries, and on from where it was when the node was killed', async () => {
      await mkdir(at('many'));
      const count = 300;
      for (let number = 0; number < count; number += 1) {
        await writeFile(at(`many/${number}.txt`), `letter ${number} of many`);
      }
      const entries = async () => {
        const [status] = await runIn('home', 'status');
        return (status as { entries: number }).entries;
      };
      const before = await entries();
      await page.getByRole('button', { name: 'Deposit more' }).click();
      await dropFiles(page, '.offer', [at('many')]);
      await page.getByRole('button', { name: /^Deposit 300 files/ }).click();
      const done = page.getByRole('group').filter({ hasText: 'the newest first' });
      await done.waitFor();
      // Some are taken in while others are on their way; what is killed then goes on by itself.
      const { host } = new URL(page.url());
      await node[Symbol.asyncDispose]();
      node = await startNode(at('home'), '--listen', host);
      await over();
      await page.getByText('300 of 300 files deposited').first().waitFor();
      const [status] = await runIn('home', 'status');
      expect((status as { assets: number }).assets).toBe(271 + count);
      // A hundred go together, or as many as come in five seconds where the machine is busy.
      expect((await entries()) - before).toBeLessThan(count / 5);
    });

    it('names each file that it could not take in with the reason, and tries again', async () => {
      await mkdir(at('mixed'));
      const names = ['good.txt', 'قصيدة.txt', 'other.txt', 'short.txt'];
      for (const name of names) await writeFile(at(`mixed/${name}`), `poem ${name}`);
      const rows = [
        'path,title,creator,licence,sha256,bytes',
        'good.txt,Good,Ann,CC0-1.0,,',
        'قصيدة.txt,قصيدة,آن,CC0-1.0,,',
        `other.txt,Other,Ann,CC0-1.0,${'0'.repeat(64)},`,
        'short.txt,Short,Ann,CC0-1.0,,5',
        'gone.txt,Gone,Ann,CC0-1.0,,',
        'free.txt,Free,Ann,free,,',
      ];
      await writeFile(at('mixed/catalogue.csv'), rows.join('\n'));
      await page.getByRole('button', { name: 'Deposit more' }).click();
      await dropFiles(page, '.offer', [at('mixed')]);
      await page.getByText('3 files have a row').waitFor();
      await group('Rows that are wrong').getByText('short.txt has 14 bytes').waitFor();
      await group('Rows that are wrong').getByText('line 7').waitFor();
      expect(await figure('Rows without a file')).toBe('1');
      await look(page, 'deposit-mistakes');
      await page.getByRole('button', { name: /^Deposit 3 files/ }).click();
      await over();
      await group('Not deposited, and why').getByText('which is not 0000').waitFor();
      await look(page, 'deposit-failed');
      await page.getByRole('button', { name: 'Try the 1 that failed again' }).click();
      await over();
      expect(await figure('Not deposited, and why')).toBe('1');
      expect(await runIn('home', 'search', 'قصيدة')).toHaveLength(1);
    });

    it('reads a catalogue with semicolons or tabs, and says of other forms that they are not read', async () => {
      const drop = async (name: string, text: string) => {
        const folder = at(`as-${name}`);
        await mkdir(folder);
        await writeFile(join(folder, 'leaf.txt'), `a leaf beside ${name}`);
        await writeFile(join(folder, name), text);
        await dropFiles(page, '.offer', [folder]);
      };
      await page.getByRole('button', { name: 'Deposit more' }).click();
      for (const [name, mark] of [
        ['catalogue.csv', ';'],
        ['rows.tsv', '\t'],
      ] as const) {
        const lines = [
          ['path', 'title', 'creator', 'licence'],
          ['leaf.txt', `Leaf ${name}`, 'Ann', 'CC0-1.0'],
        ];
        await drop(name, lines.map((cells) => cells.join(mark)).join('\n'));
        await page.getByRole('cell', { name: `Leaf ${name}` }).waitFor();
        await page.getByText('1 files have a row').waitFor();
      }
      await drop('catalogue.xlsx', 'PK');
      await page.getByText('looks like a catalogue in a form that is not read').waitFor();
      await look(page, 'deposit-unread');
      await page.getByRole('button', { name: /^Deposit 2 files/ }).click();
      await over();
    });

    it('reads a catalogue of a hundred thousand rows while the page goes on, and refuses other encodings with a sentence', async () => {
      const folder = at('thousands');
      await mkdir(folder);
      const rows = Array.from(
        { length: 100_000 },
        (_, n) => `leaf-${n}.txt,Leaf ${n},Ann Example,CC0-1.0,${'said of it '.repeat(22)}`,
      );
      await writeFile(
        join(folder, 'catalogue.csv'),
        ['path,title,creator,licence,note', ...rows].join('\n'),
      );
      for (const n of [7, 99_999])
        await writeFile(join(folder, `leaf-${n}.txt`), `leaf ${n} of many`);
      await page.goto(new URL('/deposit', page.url()).href);
      const choose = page.locator('input[type=file]').nth(1);
      const chosen = ['catalogue.csv', 'leaf-7.txt', 'leaf-99999.txt'];
      await choose.setInputFiles(chosen.map((name) => join(folder, name)));
      await page.getByText(/[\d,]+ rows so far/).waitFor({ timeout: 60_000 });
      await page.getByText('2 files have a row').waitFor({ timeout: 120_000 });
      expect((await figure('Rows without a file')).replace(/\D/g, '')).toBe('99998');
      await look(page, 'deposit-many');
      await page.getByRole('button', { name: /^Deposit 2 files/ }).click();
      await over();
      const latin = at('latin.csv');
      await writeFile(latin, Buffer.from('path;title;créateur;licence\n', 'latin1'));
      await page.getByRole('button', { name: 'Deposit more' }).click();
      await choose.setInputFiles(latin);
      await page.getByText('save the file as CSV in UTF-8').waitFor();
      await writeFile(at('ok.txt'), 'something that can go in');
      await choose.setInputFiles(at('ok.txt'));
      await page.getByRole('button', { name: /^Deposit 1 files/ }).click();
      await over();
    });

    it('goes on where it was after the node was gone, and after the page was', async () => {
      const large = at('large.bin');
      await writeFile(large, randomBytes(24 * MEGABYTE));
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      const atSpeed = (uploadThroughput: number) =>
        session.send('Network.emulateNetworkConditions', {
          ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
        });
      const chosen = page.locator('input[type=file]').nth(1);
      const begin = page.getByRole('button', { name: /^Deposit 1 files/ });
      await page.getByRole('button', { name: 'Deposit more' }).click();
      await chosen.setInputFiles(large);
      await atSpeed(3 * MEGABYTE);
      await begin.click();
      const value = page.locator('.total');
      await expect
        .poll(() => value.getAttribute('value').then(Number))
        .toBeGreaterThan(4 * MEGABYTE);
      const { host } = new URL(page.url());
      const goneOn = page.waitForRequest(isGoingOn);
      await node[Symbol.asyncDispose]();
      node = await startNode(at('home'), '--listen', host);
      await goneOn;
      // Whoever closes the page is asked, and does so all the same.
      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await chosen.setInputFiles(large);
      const again = page.waitForRequest(isGoingOn);
      await begin.click();
      await again;
      await atSpeed(-1);
      await over();
      await page.getByText('1 of 1 files deposited').first().waitFor();
      expect(complaints).toEqual([]);
    });
  },
);

/** Whether a request brings more of a file of which the node has some. */
function isGoingOn(request: Request): boolean {
  return request.method() === 'PATCH' && Number(request.headers()['upload-offset']) > 1000;
}
