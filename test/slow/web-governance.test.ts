import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { propose } from '../../src/archive/governing/propose.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openArchive } from '../../src/compose/open-archive.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { signerOf } from '../support/keys.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCertificate } from '../support/test-certificate.ts';
import { look, signedInPage } from '../support/web-page.ts';

const signedIn = z.object({ browsers: z.array(z.object({ key: z.string() })) });

describe.skipIf(!hasChromium)('the governance pages (skipped without chromium)', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  const complaints: string[] = [];
  const dan = signerOf('dan').did;
  let browser: Browser;
  let node: TestNode;
  let page: Page;
  const run = async (...args: string[]) =>
    documents(await runCommand(['--home', home, '--json', ...args]));
  const dialog = () => page.getByRole('dialog');

  beforeAll(async () => {
    await run('init', '--name', 'Print Room', '--institution', 'City Museum');
    const poem = join(temporary.path, 'poem.txt');
    await writeFile(poem, 'roses are red');
    const rows = join(temporary.path, 'rows.csv');
    const row = 'poem.txt,Roses,Ann Example,CC0-1.0,print';
    await writeFile(rows, `path,title,creator,licence,digital_source_type\n${row}\n`);
    await run('ingest', poem, '--catalog', rows, '--custody');
    node = await startNode(home);
    browser = await startChromium();
    page = await signedInPage(browser, home, complaints);
    page.on('console', (message) => {
      // A key that is none is refused, which the browser tells too.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('give a key a role once its consequences were read, and end it likewise', async () => {
    await page.getByRole('link', { name: 'Governance' }).click();
    await page.getByText('1 of 1 stewards must approve').waitFor();
    await look(page, 'governance');
    await page.getByRole('button', { name: 'Give a key a role…' }).click();
    await dialog().getByLabel('Key of the member').fill('did:key:nobody');
    await dialog().getByRole('button', { name: 'Sign and grant' }).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('Key of the member').fill(dan);
    await dialog().getByLabel('Name, kept').fill('دان 🖋 <b>Dan</b>');
    await dialog().getByLabel('Role').selectOption({ label: 'Reviewer' });
    await dialog().locator('pre').getByText('"role": "reviewer"').waitFor();
    await look(page, 'governance-grant');
    await dialog().getByRole('button', { name: 'Sign and grant' }).click();
    await page.getByText('دان 🖋 <b>Dan</b>').first().waitFor();
    const granted = await run('member', 'list');
    expect(granted).toContainEqual(expect.objectContaining({ id: dan, roles: ['reviewer'] }));
    await page.getByRole('button', { name: 'Revoke… دان' }).click();
    await dialog().getByText('What this member has said up to now stands').waitFor();
    await look(page, 'governance-revoke');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await run('member', 'list')).toEqual(granted);
    await page.getByRole('button', { name: 'Revoke… دان' }).click();
    await dialog().getByRole('button', { name: 'Sign and revoke' }).click();
    await page.locator('.member', { hasText: 'Dan' }).waitFor({ state: 'detached' });
    expect(await run('member', 'list')).not.toContainEqual(expect.objectContaining({ id: dan }));
  });

  it('change the key of a member, which keeps its id', async () => {
    const [fay, next] = [signerOf('fay').did, signerOf('fay again').did];
    await run('member', 'grant', fay, 'reviewer', '--name', 'Fay');
    await page.getByRole('button', { name: 'Change a key… Fay' }).click();
    await dialog().getByLabel('The new key').fill('did:key:nobody');
    await dialog().getByRole('button', { name: 'Sign and change the key' }).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('The new key').fill(next);
    await look(page, 'governance-rotate');
    await dialog().getByRole('button', { name: 'Sign and change the key' }).click();
    await dialog().waitFor({ state: 'detached' });
    const changed = { id: fay, keys: [next], roles: ['reviewer'], name: 'Fay' };
    expect(await run('member', 'list')).toContainEqual(expect.objectContaining(changed));
  });

  it('lose nothing that was typed when the node does not answer, or the sign-in is over', async () => {
    const gus = signerOf('gus').did;
    await page.getByRole('button', { name: 'Give a key a role…' }).click();
    await dialog().getByLabel('Key of the member').fill(gus);
    await dialog().getByLabel('Name, kept').fill('Gus');
    const sign = dialog().getByRole('button', { name: 'Sign and grant' });
    await page.context().setOffline(true);
    await sign.click();
    await dialog().getByText('Whether it arrived is not known').waitFor();
    await page.context().setOffline(false);
    const [listed] = await run('browser', 'list');
    for (const { key } of signedIn.parse(listed).browsers) await run('browser', 'remove', key);
    await sign.click();
    await dialog().getByText('Open the link in another tab').waitFor();
    await look(page, 'governance-over');
    const [linked] = await run('browser', 'link');
    const other = await page.context().newPage();
    await other.goto(z.object({ url: z.string() }).parse(linked).url);
    await other.getByText('You are the owner').waitFor();
    await other.close();
    await page.getByText('Your sign-in is over.').waitFor({ state: 'detached' });
    expect(await dialog().getByLabel('Name, kept').inputValue()).toBe('Gus');
    await sign.click();
    await dialog().waitFor({ state: 'detached' });
    const granted = { id: gus, name: 'Gus' };
    expect(await run('member', 'list')).toContainEqual(expect.objectContaining(granted));
  });

  it('say what a change of a policy would do, propose it, and put it in force', async () => {
    await page.getByText('Version 1, in force; there has been no other.').waitFor();
    await page.getByText('Think of a change').click();
    const document = page.getByLabel('The policy, as JSON');
    const policy = JSON.parse(await document.inputValue());
    await document.fill('{ not json');
    await page.getByRole('button', { name: 'What would change?' }).click();
    await page.getByText('This is no JSON').waitFor();
    await document.fill(JSON.stringify({ ...policy, copies: 3 }, null, 2));
    await page.getByRole('button', { name: 'What would change?' }).click();
    await page.getByText('proven copies: 1 → 3').waitFor();
    await page.getByText('1 cease to be, of 1').waitFor();
    await look(page, 'governance-what-if');
    await page.getByLabel('Reason').fill('more-copies');
    await page.getByRole('button', { name: 'Propose it…' }).click();
    await look(page, 'governance-propose');
    await dialog().getByRole('button', { name: 'Sign the proposal' }).click();
    await page.getByText('Decided before (1)').click();
    await page.getByText('in force', { exact: true }).first().waitFor();
    await page.getByLabel('Compare').selectOption({ label: 'Version 1, of the charter' });
    await page.getByText('proven copies: 1 → 3').waitFor();
    await page.getByText('0 works become eligible and 1 cease to be, of 1').waitFor();
    await look(page, 'governance-versions');
    const [shown] = await run('policy', 'show', 'corroborated');
    expect(shown).toMatchObject({ version: 2, copies: 3 });
  });

  it('bring a list of signers, once who is added and removed was read', async () => {
    const names = ['first.example', 'second.example'] as const;
    const [first, second] = names.map((name) => writeCertificate(temporary.path, name)) as [
      Buffer,
      Buffer,
    ];
    await page.getByText('Bring a list of signers').click();
    const files = page.getByLabel('Files', { exact: true });
    await files.setInputFiles({ name: 'x.pem', mimeType: 'text/plain', buffer: Buffer.from('x') });
    const compare = page
      .locator('.trust-import')
      .getByRole('button', { name: 'What would change?' });
    await compare.click();
    await page.locator('.trust-import').getByRole('alert').waitFor();
    for (const [pem, added, removed] of [
      [first, 'Added: CN=first.example', ''],
      [second, 'Added: CN=second.example', 'Removed: CN=first.example'],
    ] as const) {
      await files.setInputFiles({ name: 'signers.pem', mimeType: 'text/plain', buffer: pem });
      await compare.click();
      await page.getByText(added).waitFor();
      if (removed !== '') await page.getByText(removed).waitFor();
      await page.locator('.trust-import').getByLabel('Reason').fill('new-signers');
      await page.locator('.trust-import').getByRole('button', { name: 'Propose it…' }).click();
      if (removed !== '') await look(page, 'governance-trust-import');
      await dialog().getByRole('button', { name: 'Sign the proposal' }).click();
      await dialog().waitFor({ state: 'detached' });
    }
    await compare.click();
    await page.getByText('Nothing: this is what is in force.').waitFor();
    const [shown] = await run('trust', 'show', 'credentials');
    expect((shown as { signers: unknown[] }).signers).toHaveLength(1);
    const file = join(temporary.path, 'first.pem');
    await writeFile(file, first);
    const dry = await run('trust', 'import', '--dry-run', file);
    expect(dry.at(-1)).toMatchObject({ proposal: null, changes: [{ part: 'signers' }] });
  });

  it('have a steward vote on what another proposes', async () => {
    await run('member', 'grant', signerOf('eve').did, 'steward');
    const [gold] = await run('policy', 'show', 'gold');
    const policy = z.looseObject({ version: z.number() }).parse(gold);
    const file = join(temporary.path, 'gold.json');
    await writeFile(file, JSON.stringify({ ...policy, version: policy.version + 1, witnesses: 3 }));
    await run('policy', 'propose', file, '--reason', 'more-witnesses');
    await page.getByText('1 of 2 approvals.').waitFor();
    await look(page, 'governance-proposal');
    await page.getByRole('button', { name: 'Reject…' }).click();
    await dialog().getByText('a later vote takes the place').waitFor();
    await look(page, 'governance-vote');
    await dialog().getByRole('button', { name: 'Sign the vote' }).click();
    await page.getByText('0 of 2 approvals.').waitFor();
    const proposals = await run('proposal', 'list');
    expect(JSON.stringify(proposals)).toContain('"vote":"no"');
    const institutions = page.getByRole('listitem').filter({ hasText: 'Vetted institutions' });
    await institutions.getByText('What is in it').click();
    await page.getByText('"City Museum"').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('where three stewards sit (skipped without chromium)', () => {
  it('say who has approved, whose word is missing and what would change, and how many must approve', async () => {
    using temporary = temporaryFolder();
    const home = join(temporary.path, 'home');
    const { did, organisation } = await foundArchive(home, { name: 'Print Room' });
    const [eve, fay] = [signerOf('eve').did, signerOf('fay').did];
    {
      await using archive = await openArchive(home);
      const other = (id: Did) => ({ id, key: id, organisation: 'e'.repeat(32) });
      const list = [{ id: did as Did, key: did as Did, organisation }, other(eve), other(fay)];
      const stewards = { list, quorum: 1, last: [] };
      await propose({ topic: 'stewards', reason: 'three', stewards }, archive);
    }
    await using node = await startNode(home);
    await using browser = await startChromium();
    const page = await signedInPage(browser, home, []);
    expect(node.pid).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Governance' }).click();
    await page.getByText('2 of 3 stewards must approve').waitFor();
    const opens = page.getByRole('button', { name: 'Change how many must approve…' });
    await opens.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Now: more than half').waitFor();
    await dialog.getByText('One who cannot be reached').waitFor();
    await look(page, 'governance-quorum');
    await dialog.getByRole('button', { name: 'Sign the proposal' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Stewards who must approve: 2 → 3').waitFor();
    await page.getByText('1 of 2 approvals.').waitFor();
    expect(await page.getByText('has not voted yet').count()).toBe(2);
    const command = ['--home', home, '--json', 'member', 'revoke', eve];
    expect(documents(await runCommand(command))).toMatchObject([{ status: 'open', needed: 2 }]);
    await page.getByText('Is a steward no more:').waitFor();
    await page.getByRole('heading', { name: 'Proposals' }).scrollIntoViewIfNeeded();
    await look(page, 'governance-seats');
    const listed = documents(await runCommand(['--home', home, '--json', 'proposal', 'list']));
    const stewards = expect.objectContaining({ quorum: 3 });
    const body = expect.objectContaining({ stewards });
    expect(listed).toContainEqual(expect.objectContaining({ body, status: 'open' }));
  });
});
