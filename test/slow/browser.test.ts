import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessFaults } from '../support/access-faults.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A folder may be called anything, and an archive is called after its folder. */
const NAME = '<img src=x onerror=document.title=1>';

const ROOT = new URL('../..', import.meta.url).pathname;

/** `npm start`, until it has printed its link. */
async function npmStart(home: string) {
  const child = spawn('npm', ['start', '--', '--json'], {
    cwd: ROOT,
    env: { ...process.env, RINGFENCE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
    // npm and its shell stand between; a signal is for all of them, as from a terminal.
    detached: true,
  });
  const events: { event: string; url: string }[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    events.push(JSON.parse(line));
    if (events.at(-1)?.event === 'link') break;
  }
  child.stdout.resume();
  const link = events.find(({ event }) => event === 'link')?.url ?? '';
  const stop = async () => {
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await once(child, 'close');
  };
  return { link, events: events.map(({ event }) => event), stop };
}

describe.skipIf(!hasChromium)('npm start (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, NAME, '.ringfence');
  let browser: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    temporary[Symbol.dispose]();
  });

  it('founds a home, and its link signs a browser in that stays so after a restart', async () => {
    const first = await npmStart(home);
    expect(first.events).toContain('founded');
    const person = await browser.newContext();
    const page = await person.newPage();
    const complaints: string[] = [];
    // The page follows the node's events, and its console tells when the node goes away.
    const isToldOf = /502|net::ERR_(?:INCOMPLETE_CHUNKED_ENCODING|CONNECTION_)/;
    page.on('console', (message) => {
      if (!isToldOf.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const main = page.getByRole('main');
    const owner = main.getByText('You are the owner');
    await page.goto(first.link);
    await owner.waitFor();
    expect(page.url()).toBe(first.link.replace(/#.*/, ''));
    expect(await owner.innerText()).toContain(NAME);
    expect(await main.innerText()).toContain('did:key:z6Mk');
    expect(await accessFaults(page)).toEqual([]);

    const other = await (await browser.newContext()).newPage();
    await other.goto(first.link);
    await other.getByRole('status').filter({ hasText: 'used already' }).waitFor();

    await first.stop();
    const second = await npmStart(home);
    expect(second.events).not.toContain('founded');
    await page.reload();
    await owner.waitFor();
    const out = page.getByRole('button', { name: 'Sign this browser out' });
    const removing = '**/operations/browser.remove';
    await page.route(removing, (route) => route.fulfill({ status: 502, body: 'no node' }));
    await out.click();
    await main.getByText('still signed in: the answer was 502').waitFor();
    await page.unroute(removing);
    await out.click();
    await main.getByText('You are signed out').waitFor();
    await page.reload();
    await main.getByText('Nobody is signed in').waitFor();
    await second.stop();
    expect(complaints).toEqual([]);
  });

  it('keeps a key that no script can read out, and lets no script in from elsewhere', async () => {
    const node = await npmStart(home);
    const page = await (await browser.newContext()).newPage();
    await page.goto(node.link);
    await page.getByText('You are the owner').waitFor();
    expect(
      await page.evaluate(`new Promise((resolve, reject) => {
        const opening = indexedDB.open('ringfence');
        opening.onerror = reject;
        opening.onsuccess = ({ target: { result } }) => {
          const kept = result.transaction('keys').objectStore('keys').get('owner');
          kept.onsuccess = () => resolve(kept.result);
          kept.onerror = reject;
        };
      }).then(({ privateKey }) => crypto.subtle.exportKey('pkcs8', privateKey))
        .catch(({ name }) => name)`),
    ).toBe('InvalidAccessError');
    const blocked = await page.evaluate(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ violatedDirective }) => resolve(violatedDirective));
      const script = document.createElement('script');
      script.append('document.title = "run"');
      document.body.append(script);
    })`);
    expect(blocked).toMatch(/^(script-src|require-trusted-types-for)/);
    await node.stop();
  });

  it('runs nothing of an asset, however it is shown, and lets it reach nothing', async () => {
    const folder = join(temporary.path, 'offered');
    await mkdir(folder);
    const hostile = 'document.title = "run"; indexedDB.open("ringfence")';
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload='${hostile}'><script>${hostile}</script></svg>`;
    await writeFile(join(folder, 'a.html'), `<title>still</title><script>${hostile}</script>`);
    await writeFile(join(folder, 'b.svg'), svg);
    const node = await npmStart(home);
    const run = async (...args: string[]) =>
      documents(await runCommand(['--home', home, '--json', ...args]));
    await run('ingest', folder, '--collection', 'open');
    await run('collection', 'set', 'open', '--public');
    const assets = (await run('list')) as { cid: string }[];
    expect(assets).toHaveLength(2);
    const page = await (await browser.newContext()).newPage();
    await page.goto(node.link);
    await page.getByText('You are the owner').waitFor();
    for (const { cid } of assets) {
      const url = new URL(`/ipfs/${cid}`, node.link).href;
      expect((await page.goto(url))?.status()).toBe(200);
      expect(await page.title()).not.toBe('run');
      // Whoever looks into the page from outside finds an origin that is nobody's.
      expect(await page.evaluate('self.origin')).toBe('null');
    }
    await node.stop();
  });
});
