import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { picture } from '../support/pictures.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const FORMULA = '=HYPERLINK("https://evil.example","Click")';

describe.skipIf(!hasChromium)('the collection (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home', '.ringfence');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));
  const tile = (name: string | RegExp) => page.getByRole('listitem').filter({ hasText: name });
  const told = (text: string) => page.getByRole('status').filter({ hasText: text }).first();
  const select = (name: string) => page.getByLabel(`Select ${name}`, { exact: true });

  beforeAll(async () => {
    const folder = temporary.path;
    const rows = ['path,title,creator,licence,work,part'];
    for (const [n, title] of ['Cover', 'Frontispiece', 'Colophon'].entries()) {
      await picture(n + 1).toFile(join(folder, `page-${n}.png`));
      rows.push(`page-${n}.png,${title},Ada Bee,CC0-1.0,book,${n + 1}`);
    }
    await picture(9).toFile(join(folder, 'alone.png'));
    rows.push('alone.png,أمينة بنت محمد,Ada Bee,CC0-1.0,,');
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ada, the stone is inked.\n');
    rows.push(`letter.txt,"${FORMULA.replaceAll('"', '""')}",Cy Dee,CC-BY-4.0,,`);
    writeFileSync(join(folder, 'rows.csv'), `${rows.join('\n')}\n`);
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    await run('ingest', folder, '--catalog', join(folder, 'rows.csv'), '--custody');
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

  it('shows a work of several parts once, with their number, and opens to them', async () => {
    await told('3 found, in 5 parts').waitFor();
    await tile('3 parts').waitFor();
    await look(page, 'collection-works');
    await tile('Cover').getByRole('link').click();
    await told('3 found').waitFor();
    expect(page.url()).toMatch(/work=[0-9a-f]{32}/);
    await tile(/Frontispiece.*Part 2/s).waitFor();
    await look(page, 'collection-parts');
    await page.getByRole('button', { name: 'Back to all works' }).click();
    await told('3 found, in 5 parts').waitFor();
    await page.getByRole('button', { name: 'Parts one by one' }).click();
    await told('5 found').waitFor();
    expect(page.url()).toContain('parts=each');
    await page.reload();
    await told('5 found').waitFor();
    await page.getByRole('button', { name: 'Parts one by one' }).click();
    await page.getByRole('searchbox').fill('colophon');
    await tile('Colophon').waitFor();
    await told('1 found').waitFor();
    await page.getByRole('searchbox').fill('');
    await told('3 found, in 5 parts').waitFor();
  });

  it('picks out all parts of a work together, and all that was found', async () => {
    await select('Cover').check();
    await told('3 selected').waitFor();
    await select('Cover').uncheck();
    await told('3 selected').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Select all of them' }).click();
    await told('5 selected').waitFor();
    await look(page, 'collection-selected');
  });

  it('picks out only parts that match, and none when the work is let go of meanwhile', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('searchbox').fill('colophon');
    await told('1 found').waitFor();
    await select('Colophon').check();
    await told('1 selected').waitFor();
    const act = page.getByRole('button', { name: 'Export…', disabled: false });
    await act.waitFor();
    expect(await told('1 selected').isVisible()).toBe(true);
    await tile('Colophon').getByRole('link').click();
    await page.getByRole('button', { name: 'Back to all works' }).waitFor();
    await told('1 found').waitFor();
    expect(page.url()).toContain('q=colophon');
    await page.getByRole('button', { name: 'Back to all works' }).click();
    await page.getByRole('searchbox').fill('');
    await told('3 found, in 5 parts').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();

    let isFirst = true;
    await page.route(/limit=1000/, async (route) => {
      if (isFirst) await setTimeout(500);
      isFirst = false;
      // The page may have given it up.
      await route.continue().catch(() => {});
    });
    await select('Cover').check();
    expect(await act.count()).toBe(0);
    await select('Cover').uncheck();
    await setTimeout(1000);
    await page.unroute(/limit=1000/);
    expect(await page.getByText(/\d selected/).count()).toBe(0);
    await page.getByRole('button', { name: 'Select all of them' }).click();
    await told('5 selected').waitFor();
  });

  it('saves what is known of what is selected, and no spreadsheet computes a title', async () => {
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog').waitFor();
    await look(page, 'collection-export');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a table (CSV)' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(6);
    expect(csv).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
    expect(csv).not.toMatch(/(^|,)"?=/m);
    await told('5 of 5 gathered.').waitFor();
    const again = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as JSON' }).click();
    const assets = JSON.parse(readFileSync(await (await again).path(), 'utf8')) as {
      readonly title: string;
    }[];
    expect(assets.map(({ title }) => title)).toContain(FORMULA);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('declares, flags and holds what is selected in one statement, after saying what it says', async () => {
    await page.getByRole('button', { name: 'Declare…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Declare how 5 were made?' });
    await dialog.getByLabel('It is').selectOption('print');
    await dialog.getByLabel('Tools').fill('Burin, Etching needle');
    await look(page, 'collection-declare');
    await dialog.getByRole('button', { name: 'Sign and declare' }).click();
    await dialog.getByText('5 of 5 done.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await told('It is declared.').waitFor();

    await select('أمينة بنت محمد').check();
    await page.getByRole('button', { name: 'Flag…' }).click();
    const flag = page.getByRole('dialog', { name: 'Flag 1?' });
    await flag.getByLabel('What is to be looked at').selectOption('likeness');
    await flag.getByLabel('Why').fill('A face in the background.');
    await flag.getByRole('button', { name: 'Sign and flag' }).click();
    await flag.getByText('1 of 1 done.').waitFor();
    await page.keyboard.press('Escape');
    await told('They are flagged.').waitFor();
    const [alone] = (await run('search', 'أمينة')) as { readonly cid: string }[];
    const facts = JSON.stringify(await run('history', alone?.cid ?? ''));
    expect(facts).toContain('etching-needle');
    expect(facts).toContain('likeness');
  });

  it('adds what is selected to a collection that everybody may read, with keys alone', async () => {
    await run('collection', 'set', 'shown', '--public', '--new');
    await select('أمينة بنت محمد').focus();
    await page.keyboard.press('Space');
    await told('1 selected').waitFor();
    await page.getByRole('button', { name: 'Add to…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Add this work to a collection?' });
    const collection = dialog.getByLabel('Collection');
    await collection.selectOption({ label: 'main (5)' });
    await dialog.getByText('Your own organisation may read').waitFor();
    await collection.selectOption({ label: 'shown (0)' });
    await dialog.getByText('Everybody may read what lies there').waitFor();
    await look(page, 'collection-add');
    await dialog.getByRole('button', { name: 'Sign and add' }).press('Enter');
    await dialog.getByText('1 of 1 done.').waitFor();
    await page.keyboard.press('Escape');
    await told('They lie there now.').waitFor();
    const lists = (await run('collection', 'list')) as { readonly name: string }[];
    expect(lists).toContainEqual(
      expect.objectContaining({ name: 'shown', assets: 1, visibility: 'public' }),
    );
    const open = await fetch(new URL('/api/v1/assets', page.url()));
    expect(await open.json()).toMatchObject({ assets: [{ mediaType: 'image/png' }] });
  });

  it('makes a collection of a new name for what is selected', async () => {
    await select('أمينة بنت محمد').check();
    await page.getByRole('button', { name: 'Add to…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Collection').selectOption({ label: 'A new one…' });
    await dialog.getByRole('button', { name: 'Sign and add' }).click();
    // Without a name nothing is sent.
    expect(await dialog.getByText(/ of 1 done/).count()).toBe(0);
    await dialog.getByLabel('What it is called').fill('لوحات');
    await dialog.getByRole('button', { name: 'Sign and add' }).click();
    await dialog.getByText('1 of 1 done.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await told('They lie there now.').waitFor();
    expect(await run('list', '--collection', 'لوحات')).toHaveLength(1);
  });

  it('makes renditions of what the recipe is for, and lists what failed and why', async () => {
    await page.getByRole('button', { name: 'Select all of them' }).click();
    await told('5 selected').waitFor();
    await page.getByRole('button', { name: 'Make renditions…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make renditions of 5?' });
    await dialog.getByLabel('What is to be made').selectOption('webp-1024');
    await dialog.getByRole('button', { name: 'Make them' }).click();
    await dialog.getByText('4 of 5 done. 1 failed.').waitFor({ timeout: 60_000 });
    await dialog.getByRole('listitem').first().waitFor();
    await look(page, 'collection-failures');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
  });

  it('says what was not done when the node is away, and does it once when tried again', async () => {
    await page.getByRole('searchbox').fill('colophon');
    await told('1 found').waitFor();
    await select('Colophon').check();
    await page.getByRole('button', { name: 'Hold…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Hold/ });
    await dialog.getByLabel('Why').fill('The seller is asked.');
    let isFirst = true;
    // The node does it, and the answer is lost.
    await page.route('**/operations/stop', async (route) => {
      if (!isFirst) return route.continue();
      isFirst = false;
      await route.fetch();
      return route.abort();
    });
    await dialog.getByRole('button', { name: 'Sign and hold' }).click();
    await dialog.getByText(/did not answer/).waitFor();
    await dialog.getByRole('button', { name: 'Try again what failed' }).click();
    await dialog.getByText(/done\.$/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.unroute('**/operations/stop');
    const held = await run('hold', 'list');
    expect(held).toHaveLength(1);
  });

  it('keeps a view by name, and opens it again', async () => {
    await page.goto(new URL('/?licence=CC-BY-4.0&view=list', page.url()).href);
    await told('1 found').waitFor();
    const views = page.locator('details.views');
    await views.locator('summary').click();
    await page.getByLabel('Save what is shown now as').fill('Letters');
    await views.getByRole('button', { name: 'Save' }).click();
    await page.goto(new URL('/', page.url()).href);
    await told('in 5 parts').or(told('found')).first().waitFor();
    await views.locator('summary').click();
    await views.getByRole('link', { name: 'Letters' }).click();
    await told('1 found').waitFor();
    expect(page.url()).toContain('licence=CC-BY-4.0');
    expect(page.url()).toContain('view=list');
    expect(complaints).toEqual([]);
  });
});
