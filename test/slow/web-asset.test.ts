import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { documents, runCommand } from '../support/command.ts';
import { hasProgram } from '../support/has-program.ts';
import { startNode, type TestNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { look, signedInPage } from '../support/web-page.ts';

const corpus = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const evidence = process.env['RINGFENCE_EVIDENCE_FILES'] ?? '../shared/evidence-files';
const canRun = hasChromium && existsSync(corpus) && existsSync(evidence);

const hasMutool = hasProgram('which', 'mutool', /mutool/);

const HOSTILE = '<img src=x onerror=alert(1)> صورة '.repeat(300).slice(0, 10_000);
/** Scrolling is smooth, and a busy machine is slow to begin. */
const SOON = { timeout: 60_000 };
const FILES = {
  'alice.png': 'illustrations/tenniel-alice-02.png',
  'hatter.png': 'illustrations/tenniel-alice-26.png',
  'bell.oga': 'sounds/bell.oga',
  'cabin.otf': 'fonts/Cabin-Bold.otf',
  'deer.obj': 'models/deer.obj',
  'tune.mid': 'midi/flying_scotsman.mid',
  'card.pdf': 'pdf/refcard-en-a4.pdf',
  'building.jpeg': 'photos-signed/nikon-20221019-building.jpeg',
};

describe.skipIf(!canRun)(
  'the page of a work (skipped without chromium, the corpus and evidence files)',
  () => {
    const temporary = temporaryFolder();
    const home = join(temporary.path, '.ringfence');
    const complaints: string[] = [];
    const works = new Map<string, string>();
    let browser: Browser;
    let node: TestNode;
    let page: Page;
    const run = async (...args: string[]) =>
      documents(await runCommand(['--home', home, '--json', ...args]));
    const cid = (title: string) => works.get(title) ?? '';
    const open = (title: string, search = '') =>
      page.goto(new URL(`/assets/${cid(title)}${search}`, page.url()).href);

    beforeAll(async () => {
      const offered = join(temporary.path, 'offered');
      mkdirSync(offered);
      for (const [name, from] of Object.entries(FILES)) {
        cpSync(join(corpus, from), join(offered, name));
      }
      writeFileSync(join(offered, 'hostile.txt'), 'Once upon a time.\n');
      cpSync(join(evidence, 'c2pa-composite/ocsp.jpg'), join(offered, 'collage.jpg'));
      cpSync(join(evidence, 'c2pa-video/video1.mp4'), join(offered, 'clip.mp4'));
      writeFileSync(join(offered, 'box.glb'), glbFile({}));
      writeFileSync(join(offered, 'elsewhere.glb'), glbFile({ uri: '/api/v1/events' }));
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="9" height="9"/>';
      writeFileSync(join(offered, 'scripted.svg'), svg);
      const blank = { width: 10_000, height: 10_000, channels: 3, background: 'teal' } as const;
      await sharp({ create: blank }).png().toFile(join(offered, 'large.png'));
      const again = sharp(join(corpus, FILES['hatter.png'])).resize(900).jpeg();
      await again.toFile(join(offered, 'again.jpg'));
      writeFileSync(join(offered, 'film.mp4'), '<!doctype html><script>alert(1)</script>');
      const rows = [
        'path,title,creator,year,licence,digital_source_type,note',
        'alice.png,Alice and the curtain,John Tenniel,1865,CC0-1.0,print,wood engraving',
        'hatter.png,The Hatter,John Tenniel,1865,CC0-1.0,print,',
        'again.jpg,The Hatter again,John Tenniel,1865,CC0-1.0,print,',
        'building.jpeg,A building,Nikon,2022,CC0-1.0,digitalCapture,',
        'collage.jpg,A collage,Nobody Known,,CC0-1.0,digitalCreation,',
        'clip.mp4,A clip,Nobody Known,,CC0-1.0,digitalCapture,',
        'scripted.svg,A drawing,Nobody Known,,CC0-1.0,digitalCreation,',
        'large.png,A wall,Nobody Known,,CC0-1.0,digitalCreation,',
        'bell.oga,A bell,Freesound,,CC0-1.0,digitalCapture,',
        'cabin.otf,Cabin,Impallari,,OFL-1.1,digitalCreation,',
        'deer.obj,A deer,Sweet Home,,CC0-1.0,digitalCreation,',
        'card.pdf,A card,Nobody Known,,CC0-1.0,digitalCreation,',
        'tune.mid,A tune,Nobody Known,,CC0-1.0,digitalCreation,',
        'box.glb,A box,Nobody Known,,CC0-1.0,digitalCreation,',
        'elsewhere.glb,A box from elsewhere,Nobody Known,,CC0-1.0,digitalCreation,',
        'film.mp4,A film that is none,Nobody Known,,CC0-1.0,digitalCreation,',
        `hostile.txt,"${HOSTILE}",منى,,CC0-1.0,digitalCreation,`,
      ];
      const catalogue = join(temporary.path, 'rows.csv');
      writeFileSync(catalogue, [...rows, ''].join('\n'));
      await run('init', '--name', 'Print Room', '--institution', 'City Museum');
      await run('ingest', offered, '--catalog', catalogue, '--custody');
      for (const { title, cid: named } of (await run('list')) as { title: string; cid: string }[]) {
        works.set(title.length > 1000 ? 'hostile' : title, named);
      }
      expect(works.size).toBe(Object.keys(FILES).length + 9);
      node = await startNode(home);
      browser = await startChromium();
      page = await signedInPage(browser, home, complaints);
      page.setDefaultTimeout(60_000);
      page.on('dialog', (dialog) => {
        complaints.push(dialog.message());
        void dialog.dismiss();
      });
    });
    afterAll(async () => {
      await browser.close();
      await node[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    });

    it('answers five questions, each with the rules behind it and who said what, when', async () => {
      await open('Alice and the curtain');
      await page.getByRole('heading', { name: 'Alice and the curtain' }).waitFor();
      await page.getByRole('img', { name: 'Alice and the curtain' }).waitFor();
      await page.locator('.gates').waitFor();
      await look(page, 'asset');
      const gate = page.locator('.gates > details').filter({ hasText: 'Is human making shown?' });
      await gate.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      const custody = gate.locator('.statement').filter({ hasText: 'Custody stated' }).first();
      await custody.getByText('City Museum').first().waitFor();
      expect(await custody.locator('time').first().getAttribute('datetime')).toMatch(/^20\d\d-/);
      await custody.locator('summary').focus();
      await page.keyboard.press('Enter');
      await custody.getByText('did:key:').waitFor();
      await gate.scrollIntoViewIfNeeded();
      await look(page, 'asset-gate');
    });

    it('asks for another use, by another policy, and keeps that in the address', async () => {
      await page.getByLabel('By which policy').selectOption('gold');
      await page.getByText('Not on what has been shown so far').waitFor();
      await page.getByLabel('For which use').selectOption('search_index');
      await expect.poll(() => page.url()).toContain('purpose=search_index');
      expect(page.url()).toContain('policy=gold');
      await page.reload();
      await page.locator('.gates').waitFor();
      expect(await page.getByLabel('For which use').inputValue()).toBe('search_index');
      expect(await page.getByLabel('By which policy').inputValue()).toBe('gold');
    });

    it('tells everything that was said, and what is said while one looks', async () => {
      const timeline = page.getByRole('region', { name: 'Everything that was said of it' });
      await timeline.scrollIntoViewIfNeeded();
      await timeline.getByText('Deposited').first().waitFor();
      await run(
        'hold',
        'place',
        cid('Alice and the curtain'),
        '--reason',
        'PROVENANCE',
        '--note',
        'Whose?',
      );
      const hold = timeline.locator('.statement').filter({ hasText: 'Put on hold' });
      await hold.locator('summary').click();
      await hold.getByText('Whose?').waitFor();
      await page.getByText('This work is on hold until somebody has looked at it.').waitFor();
      await look(page, 'asset-timeline');
    });

    it('shows a picture as closely as it was made, by keys alone', async () => {
      await open('The Hatter');
      const picture = page.getByRole('img', { name: 'The Hatter' });
      await picture.waitFor();
      expect(await picture.getAttribute('src')).toContain('/preview');
      const view = page.getByRole('region', { name: 'Plus and minus' });
      await view.focus();
      for (const key of ['+', '+', '+']) await page.keyboard.press(key);
      await page.getByText('300 %').waitFor();
      await expect.poll(() => picture.getAttribute('src')).toContain('/ipfs/');
      const isWhole = `document.querySelector('.zoom-sheet img').naturalWidth > 512`;
      await expect.poll(() => page.evaluate(isWhole)).toBe(true);
      const before = await page.evaluate(`document.querySelector('.zoom-view').scrollTop`);
      const pressed = async () => {
        await page.keyboard.press('ArrowDown');
        return page.evaluate(`document.querySelector('.zoom-view').scrollTop`);
      };
      await expect.poll(pressed, SOON).not.toBe(before);
      await look(page, 'asset-zoom');
      await page.keyboard.press('0');
      await page.getByText('100 %').waitFor();
    });

    it('plays a sound out of its own bytes, by an address that was signed', async () => {
      await open('A bell');
      const sound = page.locator('audio');
      await page.getByRole('img', { name: 'The shape of the sound' }).waitFor();
      await expect.poll(() => sound.getAttribute('src')).toContain('signed=');
      await page.evaluate(`document.querySelector('audio').play()`);
      await expect
        .poll(() => page.evaluate(`document.querySelector('audio').currentTime`))
        .toBeGreaterThan(0);
      await look(page, 'asset-sound');
      await open('A clip');
      await page.locator('video').waitFor();
      await expect.poll(() => page.locator('video').getAttribute('src')).toContain('signed=');
      await page.evaluate(`void document.querySelector('video').play()`);
      const seconds = () => page.evaluate(`document.querySelector('video').currentTime`);
      await expect.poll(seconds).toBeGreaterThan(0);
    });

    it('sets a font in its own letters, and draws a model that keys turn', async () => {
      await open('Cabin');
      await page.getByLabel('Your own words').fill('Zebra');
      await page.locator('.specimen').getByText('Zebra').waitFor();
      const isKnown = `[...document.fonts].some(({ status }) => status === 'loaded')`;
      expect(await page.evaluate(isKnown)).toBe(true);
      await look(page, 'asset-font');
      await open('A deer');
      const model = page.locator('canvas');
      await model.waitFor();
      await page.getByText('Drag or use the arrows').waitFor();
      const before = await model.screenshot();
      await model.focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await model.screenshot()).equals(before)).toBe(false);
      await look(page, 'asset-model');
    });

    it('draws a binary glTF, and fetches nothing that one names', async () => {
      const asked: string[] = [];
      page.on('request', (request) => void asked.push(request.url()));
      await open('A box');
      const model = page.locator('canvas');
      await model.waitFor();
      await model.focus();
      const before = await model.screenshot();
      await page.keyboard.press('ArrowDown');
      await expect.poll(async () => (await model.screenshot()).equals(before)).toBe(false);
      asked.length = 0;
      await open('A box from elsewhere');
      await page.getByText('This model cannot be drawn here').waitFor();
      // Nothing but the page itself reads events, at their beginning or from where it was.
      expect(asked.filter((url) => url.endsWith('/api/v1/events')).length).toBeLessThan(2);
    });

    it.skipIf(!hasMutool)('turns the pages of a PDF (skipped without mutool)', async () => {
      await open('A card');
      const shown = page.getByRole('img', { name: /^A card, page/ });
      const width = () =>
        shown.evaluate((it) => (it as unknown as { readonly naturalWidth: number }).naturalWidth);
      await expect.poll(width, SOON).toBeGreaterThan(900);
      await look(page, 'asset-pdf');
      await shown.focus();
      await page.keyboard.press('PageDown');
      await page.getByRole('img', { name: /page 2/ }).waitFor();
      await expect.poll(width, SOON).toBeGreaterThan(900);
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.getByText('Page 2, the last').waitFor();
      await page.getByRole('button', { name: 'Page before' }).click();
      await page.getByText('Page 1', { exact: true }).waitFor();
    });

    it('draws the notes of a MIDI file', async () => {
      await open('A tune');
      await page.getByText(/notes by \d+ parts?, \d+:\d\d long/).waitFor();
      await page.getByRole('img', { name: /^A tune/ }).waitFor();
      await look(page, 'asset-midi');
    });

    it('says for each use what the makers allow, and what became of that', async () => {
      const hatter = cid('The Hatter');
      const maker = ['--maker', 'John Tenniel'];
      await run(
        'consent',
        'grant',
        hatter,
        ...maker,
        '--allow',
        'ai_training',
        '--deny',
        'data_mining',
      );
      await run('release', 'cut', 'prints', '--as', '1.0.0');
      await open('The Hatter');
      const consents = page.getByRole('region', { name: 'What its makers allow' });
      await consents.scrollIntoViewIfNeeded();
      const training = consents.getByRole('row', { name: 'Training other models' });
      await training.getByText('Allowed').waitFor();
      await consents.getByRole('row', { name: 'Data mining' }).getByText('Not allowed').waitFor();
      const text = consents.getByText('The text that was agreed to');
      await text.click();
      await consents.getByRole('blockquote').waitFor();
      const uses = page.getByRole('region', { name: 'Where it was used' });
      await uses.getByText('prints 1.0.0').waitFor();
      await look(page, 'asset-consents');
      const [{ id }] = (await run('consent', 'list', hatter)) as [{ id: string }];
      await run('consent', 'withdraw', id);
      await training.getByText('withdrawn', { exact: true }).waitFor();
      await page.getByText('Every consent for this work was withdrawn.').waitFor();
    });

    it('shows where a work stems from, how generated work came into it, and what came of it', async () => {
      const [alice, hatter, again] = [
        'Alice and the curtain',
        'The Hatter',
        'The Hatter again',
      ].map(cid);
      const derived = (child = '', parent = '', relation = '') =>
        run('derive', child, '--from', parent, '--relation', relation);
      await derived(again, hatter, 'derived-from');
      await derived(hatter, alice, 'generative-edit');
      await run('rendition', 'make', again ?? '', '--recipe', 'webp-1024');
      await open('The Hatter again');
      const lineage = page.getByRole('region', { name: 'Where it stems from' });
      await lineage.scrollIntoViewIfNeeded();
      const parent = lineage.getByRole('listitem').filter({ hasText: 'derived from' }).first();
      await parent.getByRole('link', { name: 'The Hatter' }).waitFor();
      await parent.getByText('the way it came').first().waitFor();
      await lineage.getByText('partly generated').first().waitFor();
      await parent.getByRole('link', { name: 'Alice and the curtain' }).waitFor();
      await lineage.getByText('computed by the recipe webp-1024').waitFor();
      await page.getByRole('link', { name: 'webp-1024' }).waitFor();
      await lineage.getByRole('heading', { name: 'Where it stems from' }).scrollIntoViewIfNeeded();
      await look(page, 'asset-lineage');
    });

    it('sets what is like a work beside it, and shows where the two differ', async () => {
      const alike = page.getByRole('region', { name: 'What is like it' });
      await alike.scrollIntoViewIfNeeded();
      await alike
        .getByRole('group')
        .filter({ hasText: 'likely the same, saved again' })
        .first()
        .locator('summary')
        .click();
      await alike.getByRole('img', { name: 'One picture taken from the other' }).waitFor();
      await expect.poll(() => alike.locator('.difference img').count()).toBe(2);
      await alike.locator('.difference').scrollIntoViewIfNeeded();
      await look(page, 'asset-alike');
    });

    it('tells what Content Credentials say, and the text in the file that findings rest on', async () => {
      await open('A building');
      const credentials = page.getByRole('region', { name: 'Content Credentials' });
      await credentials.scrollIntoViewIfNeeded();
      await credentials.getByText('This file was signed by').waitFor();
      await credentials.getByText('NIKON').first().waitFor();
      const found = page.getByRole('region', { name: 'What was found in the bytes' });
      await found.getByText('Content Credentials').click();
      await found.getByText('In the file:').first().waitFor();
      await found.scrollIntoViewIfNeeded();
      await look(page, 'asset-findings');
      await open('A collage');
      await credentials.scrollIntoViewIfNeeded();
      await credentials.getByText('With credentials of its own').first().waitFor();
      await look(page, 'asset-ingredients');
    });

    it('gives the work itself to take along, and a proof that holds', async () => {
      await open('A bell');
      const saved = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByText(name).click(),
        ]);
        const path = join(temporary.path, download.suggestedFilename());
        await download.saveAs(path);
        return path;
      };
      const file = await saved('The work itself');
      expect(file).toMatch(/bell\.oga$/);
      expect(readFileSync(file)).toEqual(readFileSync(join(corpus, FILES['bell.oga'])));
      const proof = await saved('Proof of what is said');
      await page.getByText('entries of this log').waitFor();
      expect((await runCommand(['verify', proof])).status).toBe(0);
      expect(await saved('As a CAR')).toMatch(/\.car$/);
    });

    it('neither runs nor is stalled by what hostile files hold', async () => {
      await open('A wall');
      await page.getByText('A preview: browsers do not show the original.').waitFor();
      await page.getByRole('button', { name: 'Magnify' }).click();
      await page.getByText('150 %').waitFor();
      const source = await page.getByRole('img', { name: 'A wall' }).getAttribute('src');
      expect(source).toContain('/preview');
      await open('A drawing');
      await page.getByText('A preview: browsers do not show the original.').waitFor();
      await page.locator('.gates').waitFor();
      await open('A film that is none');
      await page.getByText('<script>alert(1)</script>').waitFor();
    });

    it('says to everybody what is public, and that the rest takes a sign-in', async () => {
      await run('collection', 'set', 'main', '--public');
      const stranger = await (await browser.newContext()).newPage();
      await stranger.goto(new URL(`/assets/${cid('A building')}`, page.url()).href);
      await stranger.getByRole('heading', { name: 'A building' }).waitFor();
      await stranger.getByText('takes a sign-in').waitFor();
      const picture = `document.querySelector('.zoom-sheet img')?.naturalWidth ?? 0`;
      await expect.poll(() => stranger.evaluate(picture)).toBeGreaterThan(0);
      await look(stranger, 'asset-anonymous');
      await stranger.context().close();
    });

    it('says plainly that a work was removed, and that words about one were erased', async () => {
      await run('remove', cid('A deer'), '--reason', 'asked');
      await open('A deer');
      await page.getByText('This work was removed.').waitFor();
      await page.getByText('Nothing is shown of a work that was removed.').waitFor();
      expect(await page.getByText('The work itself').count()).toBe(0);
      await look(page, 'asset-removed');
      await open('Cabin');
      await run('erase', 'Impallari', '--yes');
      await page.getByText('were erased at the request of a person').waitFor();
      await page.getByRole('heading', { name: 'Untitled' }).waitFor();
      await look(page, 'asset-erased');
    });

    it('runs nothing that a title says, however long it is', async () => {
      await open('hostile');
      await page.getByText('Once upon a time.').waitFor();
      await page.locator('.gates').waitFor();
      await look(page, 'asset-hostile');
      expect(complaints).toEqual([]);
    });
  },
);

/** A tetrahedron as binary glTF; `more` goes to its buffer. */
function glbFile(more: Readonly<Record<string, unknown>>): Buffer {
  const corners = Buffer.from(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]).buffer);
  const faces = Buffer.from(new Uint16Array([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]).buffer);
  const binary = Buffer.concat([corners, faces]);
  const told = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    buffers: [{ byteLength: binary.length, ...more }],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: corners.length },
      { buffer: 0, byteOffset: corners.length, byteLength: faces.length },
    ],
    accessors: [
      {
        bufferView: 0,
        componentType: 5126,
        count: 4,
        type: 'VEC3',
        min: [0, 0, 0],
        max: [1, 1, 1],
      },
      { bufferView: 1, componentType: 5123, count: 12, type: 'SCALAR' },
    ],
  };
  const text = Buffer.from(JSON.stringify(told));
  const json = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const words = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const size = 12 + 8 + json.length + 8 + binary.length;
  return Buffer.concat([
    ...[words(0x46546c67, 2, size), words(json.length, 0x4e4f534a), json],
    ...[words(binary.length, 0x004e4942), binary],
  ]);
}
