import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const canRun = hasChromium && existsSync(corpus);

const MAKER = 'نادية Quill';
const TITLE = 'The garden <b>at noon</b>';
const PHONE = { width: 360, height: 780 };

describe.skipIf(!canRun)('a maker with a phone (skipped without chromium and the corpus)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const offered = join(temporary.path, 'offered');
  const picture = join(offered, 'garden.jpg');
  const complaints: string[] = [];
  let browser: Browser;
  let node: TestNode;
  let url: string;
  let phone: BrowserContext;
  let page: Page;
  let code: string;
  let shown = '';
  let release: string;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));
  const open = async (context: BrowserContext, path: string) => {
    const opened = await context.newPage();
    opened.on('pageerror', (error) => complaints.push(String(error)));
    await opened.goto(new URL(path, url).href);
    return opened;
  };

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const settings = join(home, 'ringfence.json');
    const founded = JSON.parse(readFileSync(settings, 'utf8'));
    const opened = { inquiries: { open: true }, makers: { open: true } };
    writeFileSync(settings, JSON.stringify({ ...founded, ...opened }));
    mkdirSync(offered);
    copyFileSync(join(corpus, 'photos/Garden.jpg'), picture);
    const type = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
    const rows = `path,title,creator,licence,digital_source_type\ngarden.jpg,${TITLE},${MAKER},CC-BY-NC-4.0,${type}\n`;
    const catalogue = join(temporary.path, 'rows.csv');
    writeFileSync(catalogue, rows);
    const how = ['--catalog', catalogue, '--custody', '--collection', 'open'];
    await run('ingest', offered, ...how);
    await run('collection', 'set', 'open', '--public');
    node = await startNode(home);
    url = JSON.parse(readFileSync(join(home, 'node.json'), 'utf8')).url;
    browser = await startChromium();
    phone = await browser.newContext({ viewport: PHONE, hasTouch: true });
    page = await open(phone, '/makers');
  });
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('finds the work by its file, objects to it, and sees with the receipt that nobody has answered', async () => {
    await page.getByRole('heading', { name: 'For makers' }).waitFor();
    await look(page, 'makers');
    await page.setViewportSize(PHONE);
    await page.getByRole('link', { name: 'Is my work here?' }).click();
    await page.getByLabel('Your file').setInputFiles(picture);
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByRole('heading', { name: '1 found' }).waitFor();
    const found = page.getByRole('listitem').filter({ hasText: TITLE });
    await found.locator('img').waitFor();
    await look(page, 'makers-found');
    await found.getByRole('link', { name: 'Object' }).click();
    await page.getByLabel('What should the steward know?').fill('<script>alert(1)</script>');
    await look(page, 'makers-object');
    await page.getByRole('button', { name: 'Object' }).click();
    await page.getByRole('heading', { name: 'Your objection was received' }).waitFor();
    const receipt = await page.locator('.kept code').innerText();
    await page.getByRole('link', { name: 'For makers' }).click();
    await page.getByRole('link', { name: 'My objection' }).click();
    await page.getByLabel('Your receipt').fill(receipt.toLowerCase());
    await page.getByRole('button', { name: 'Show the answer' }).click();
    await page.getByText('Nobody has answered yet.').waitFor();
    await look(page, 'makers-answer');
    const [{ id }] = (await run('objection', 'list')) as [{ id: string }];
    await run('objection', 'answer', id, '--outcome', 'dismissed', '--text', 'Come and see us');
    await page.getByRole('button', { name: 'Show the answer' }).click();
    await page.getByText('Come and see us').waitFor();
  });

  it('makes a key that lives in this browser alone, and is told so', async () => {
    await page.getByRole('link', { name: 'For makers' }).click();
    await page.getByRole('button', { name: 'Make my key' }).click();
    await page.getByText('Nothing is signed with this key yet.').waitFor();
    await page.getByText('It lives in this browser and nowhere else.').waitFor();
    await look(page, 'makers-key');
  });

  it('cannot sign before a steward has seen the key, and is told what to send', async () => {
    await page.goto(new URL('/makers/ask', url).href);
    await page.getByLabel('Your file').setInputFiles(picture);
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.getByRole('link', { name: 'This is mine: sign for it' }).click();
    await page.getByRole('heading', { name: 'A steward has to know your key first' }).waitFor();
    await look(page, 'makers-vouch');
    const sent = await page.locator('.kept code').innerText();
    const [key = ''] = /did:key:\w+/.exec(sent) ?? [];
    const [asset = ''] = /bafk\w+/.exec(sent) ?? [];
    await run('maker', 'vouch', key, asset, '--name', MAKER);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('A steward has seen that this key is yours.').waitFor();
  });

  it('declares how the work was made, having read the words', async () => {
    await page.getByLabel('It is').selectOption({ label: 'taken with a camera or recorder' });
    await page.getByLabel('Tools, with commas between').fill('Canon EOS, darktable');
    await look(page, 'makers-declare');
    await page.getByRole('button', { name: 'Read what you sign' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Tools: canon-eos, darktable.').waitFor();
    await dialog.getByText('No output of a generative model went in.').waitFor();
    await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByText('Signed and recorded').waitFor();
  });

  it('consents for each use by itself, keeps the code, and sees the work eligible and in a release', async () => {
    await page.getByLabel('What may be done with it').check();
    await page.getByLabel('Training generative models').selectOption('deny');
    await page.getByLabel('Data mining').selectOption('allow');
    await look(page, 'makers-consent');
    await page.getByRole('button', { name: 'Read what you sign' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('You can withdraw at any time.').waitFor();
    code = (await dialog.locator('.code-panel code').innerText()).trim();
    expect(code).toMatch(/^([A-Z2-7]{5}-){4}[A-Z2-7]{5}$/);
    const sign = dialog.getByRole('button', { name: 'Sign', exact: true });
    expect(await sign.isDisabled()).toBe(true);
    const saved = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'Save as a file' }).click();
    expect(readFileSync(await (await saved).path(), 'utf8')).toContain(code);
    await dialog.getByLabel('I have kept the code').check();
    await look(page, 'makers-consent-read');
    shown = await dialog.locator('p.exact').innerText();
    await dialog.locator('summary').click();
    const payload = await dialog.locator('pre.exact').innerText();
    const claims = '**/api/v1/makers/claims';
    await page.route(claims, (route) => route.abort());
    await sign.click();
    await dialog.getByText('The node does not answer').waitFor();
    await page.unroute(claims);
    const sent = page.waitForRequest(claims);
    await sign.click();
    const { envelope } = (await sent).postDataJSON().claim;
    expect(Buffer.from(envelope.payload, 'base64').toString()).toBe(payload);
    await page.getByText('Signed and recorded').waitFor();
    const cut = await run('release', 'cut', 'gardens', '--purpose', 'data_mining');
    release = (cut.at(-1) as { release: string }).release;
    await page.getByRole('link', { name: 'See what becomes of it' }).click();
    await page.getByText('gardens').waitFor();
    await page.getByText('It is in, and served.').waitFor();
    const mining = page.locator('.verdicts > div').filter({ hasText: 'Data mining' });
    await mining.getByText('Yes').waitFor();
    const training = page
      .locator('.verdicts > div')
      .filter({ hasText: 'Training generative models' });
    await training.getByText('Not now').waitFor();
    await look(page, 'makers-work');
    await page.getByText('The exact words').first().click();
    expect(await page.locator('p.exact').innerText()).toBe(shown);
  });

  it('takes it back by the code alone in another browser, and the release serves the work no more', async () => {
    const elsewhere = await browser.newContext({ viewport: PHONE });
    const other = await open(elsewhere, '/makers/withdraw');
    await other.getByLabel('Withdrawal code').fill(code.toLowerCase().replaceAll('-', ' '));
    await other.getByRole('button', { name: 'Take it back…' }).click();
    await other.getByRole('button', { name: 'Take it back', exact: true }).click();
    await other.getByText('The consent is taken back.').waitFor();
    await look(other, 'makers-withdrawn');
    await elsewhere.close();
    await page.reload();
    await page.getByText('It was in, and is served no more.').waitFor();
    await page.getByText('Left out since revision 1.').waitFor();
    await page.getByText('Taken back', { exact: true }).waitFor();
    const live = await fetch(new URL(`/d/${release}/live.json`, url));
    expect([live.status, live.headers.get('x-withdrawal-revision')]).toEqual([200, '1']);
    await look(page, 'makers-work-withdrawn');
  });

  it('allows everything anew, and takes it back with the key', async () => {
    await page.getByRole('link', { name: 'Say something new' }).click();
    await page.getByLabel('What may be done with it').check();
    await page.getByLabel('Everything at once').selectOption({ label: 'Allow all, to anyone' });
    await page.getByRole('button', { name: 'Read what you sign' }).click();
    await page.getByLabel('I have kept the code').check();
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByRole('link', { name: 'See what becomes of it' }).click();
    await page.getByText('It is in, and served.').waitFor();
    await page.getByRole('button', { name: 'Take it back…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('models already trained are listed, not undone').last().waitFor();
    expect(await dialog.locator('.taken-back').innerText()).toContain(
      'You can withdraw at any time',
    );
    await look(page, 'makers-withdraw-key');
    await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByText('It was in, and is served no more.').waitFor();
  });

  it('is not given another thing to sign than was asked for, nor a code that opens nothing', async () => {
    const drafts = '**/api/v1/makers/drafts';
    await page.getByRole('link', { name: 'Say something new' }).click();
    await page.getByLabel('What may be done with it').check();
    await page.getByLabel('Data mining').selectOption('deny');
    await page.route(drafts, async (route) => {
      const response = await route.fetch();
      const withdrawalCode = 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA';
      await route.fulfill({ response, json: { ...(await response.json()), withdrawalCode } });
    });
    await page.getByRole('button', { name: 'Read what you sign' }).click();
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    await page.unroute(drafts);
    await page.route(drafts, async (route) => {
      const asked = route.request().postDataJSON();
      asked.claim.purposes = { data_mining: 'allow' };
      await route.continue({ postData: JSON.stringify(asked) });
    });
    const drafted = page.waitForResponse(drafts);
    await page.getByRole('button', { name: 'Read what you sign' }).click();
    expect((await drafted).status()).toBe(200);
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.unroute(drafts);
  });

  it('is told that a code opens nothing, and that the node does not answer', async () => {
    await page.goto(new URL('/makers/withdraw', url).href);
    await page.getByLabel('Withdrawal code').fill('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA');
    await page.getByRole('button', { name: 'Take it back…' }).click();
    await look(page, 'makers-withdraw');
    await page.getByRole('button', { name: 'Take it back', exact: true }).click();
    await page.getByText('this code opens no consent').waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Take it back…' }).click();
    await page.getByRole('button', { name: 'Take it back', exact: true }).click();
    await page.getByText('The node does not answer').waitFor();
    await page.unroute('**/api/**');
    expect(complaints).toEqual([]);
  });
});
