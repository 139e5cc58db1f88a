import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import type { Cid } from '../../src/core/cid.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAX_BYTES = 300_000;
const PER_HOUR = 40;

const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;
let owner: typeof fetch;

/** A picture with much to see, another for each number. */
function picture(number: number) {
  const side = 200;
  const grey = Buffer.from(
    Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [at % side, Math.floor(at / side)];
      return 127 + 63 * Math.sin((x + number * y) / 9) + 63 * Math.cos((y * number - x) / 13);
    }),
  );
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } });
}

beforeAll(async () => {
  await foundArchive(home, { name: 'Prints', institution: 'House' });
  const path = join(home, 'ringfence.json');
  const settings = JSON.parse(await readFile(path, 'utf8'));
  const inquiries = { open: true, maxBytes: MAX_BYTES, perHour: PER_HOUR };
  await writeFile(path, JSON.stringify({ ...settings, inquiries }));
  node = await openNode(home, { log: () => {} });
  owner = await signedFetch(home);
  for (const [name, number] of [
    ['open', 1],
    ['closed', 7],
  ] as const) {
    const folder = join(temporary.path, name);
    await mkdir(folder);
    await picture(number)
      .png()
      .toFile(join(folder, `<i>${name}.png`));
    await perform('ingest', {
      ...{ paths: [folder], collection: name, all: true, custody: false },
      ...{ hidden: false, dryRun: false, measured: false },
    });
  }
  await perform('collection.set', { name: 'open', visibility: 'public', readers: [] });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function perform(name: string, input: unknown): Promise<unknown> {
  const signal = new AbortController().signal;
  return askNode(home, name, input, { signal, progress() {}, notice() {}, async item() {} });
}

interface Answer {
  readonly cid: Cid;
  readonly found: readonly object[];
}

async function find(bytes: Uint8Array | ReadableStream<Uint8Array>, by = fetch, query = '') {
  const response = await by(`${node.url}/api/v1/find${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes as Uint8Array<ArrayBuffer>,
    // A stream may be answered before it ends.
    ...(bytes instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });
  // What the tests do not look at is left open.
  const answer = (await response.json()) as Answer;
  return { status: response.status, headers: response.headers, answer };
}

function post(form: FormData | string, type?: string) {
  return fetch(`${node.url}/is-my-work-here`, {
    method: 'POST',
    body: form,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  });
}

function formWith(bytes: Uint8Array, name: string): FormData {
  const form = new FormData();
  form.append('work', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  return form;
}

const passing = () => readdirSync(join(home, 'passing'));

describe('whoever asks whether a work is here', () => {
  it('is told what is public and the same, or like it, with the distances', async () => {
    const copy = await picture(1).resize(120).jpeg({ quality: 60 }).toBuffer();
    const { status, answer } = await find(copy);
    expect([status, answer]).toMatchObject([
      200,
      {
        compared: 'picture',
        found: [{ likeness: 'same', title: '<i>open', mediaType: 'image/png' }],
      },
    ]);
    const same = await find(await picture(1).png().toBuffer());
    expect(same.answer.found).toMatchObject([
      { cid: same.answer.cid, likeness: 'exact', distances: {} },
    ]);
    expect(same.headers.get('cache-control')).toBe('no-store');
  });

  it('is told nothing of what is not public, unless it may be read', async () => {
    const original = await picture(7).png().toBuffer();
    const copy = await picture(7).webp({ quality: 50 }).toBuffer();
    const strange = await picture(4).png().toBuffer();
    const told = async (bytes: Uint8Array, by = fetch) => {
      const { answer } = await find(bytes, by);
      return { ...answer, cid: undefined, size: undefined };
    };
    const nothing = await told(strange);
    expect(nothing).toEqual({ compared: 'picture', found: [] });
    expect([await told(original), await told(copy)]).toEqual([nothing, nothing]);
    expect(await told(original, owner)).toMatchObject({ found: [{ likeness: 'exact' }] });
    expect(await told(copy, owner)).toMatchObject({ found: [{ likeness: 'same' }] });
  });

  it('leaves nothing behind', async () => {
    const { answer } = await find(Buffer.from('my own poem'), fetch, '?name=poem.txt');
    expect(answer).toMatchObject({ compared: null, found: [], size: 11 });
    expect(passing()).toEqual([]);
    expect(await node.archive.content.has(answer.cid)).toBe(false);
    expect(node.archive.catalog.has(answer.cid)).toBe(false);
  });

  it('sends no more than is looked at, and bytes alone', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    expect(await find(endless)).toMatchObject({ status: 413, answer: { code: 'too_large' } });
    expect(passing()).toEqual([]);
    const text = await fetch(`${node.url}/api/v1/find`, { method: 'POST', body: 'text' });
    expect(text.status).toBe(415);
    expect(await find(new Uint8Array(1), fetch, '?name=a/b')).toMatchObject({ status: 400 });
  });
});

describe('the page', () => {
  it('asks without a script and fetches nothing from elsewhere', async () => {
    const response = await fetch(`${node.url}/is-my-work-here`);
    const html = await response.text();
    expect(html).not.toMatch(/<script|\son\w+=|https?:/);
    expect(html).toContain('<label for="work">');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(policy).not.toContain('unsafe');
  });

  it('shows what is public with its picture, whatever it is called', async () => {
    const response = await post(formWith(await picture(1).png().toBuffer(), 'mine.png'));
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('The same file');
    expect(html).not.toContain('<i>');
    const [, src = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const shown = await fetch(node.url + src);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    const none = await post(formWith(await picture(7).png().toBuffer(), 'mine.png'));
    expect(await none.text()).toContain('Nothing that is public here');
  });

  it('says what is wrong with a form that is none', async () => {
    const type = 'multipart/form-data; boundary=b';
    const head = '--b\r\nContent-Disposition: form-data; name="work"; filename="a"\r\n\r\n';
    for (const [body, of] of [
      ['', type],
      [`${head}bytes`, type],
      [`${head}bytes\r\n--b\r\nmore\r\n--b--\r\n`, type],
      [`${head}bytes\r\n--b--${'x'.repeat(1000)}`, type],
      ['x'.repeat(20_000), type],
      [`${head}bytes\r\n--b--\r\n`, 'text/plain'],
    ] as const) {
      const response = await post(body, of);
      expect([body.slice(-20), response.status]).toEqual([body.slice(-20), 400]);
      expect(await response.text()).toContain('role="alert"');
    }
    const large = await post(formWith(new Uint8Array(MAX_BYTES + 1), 'a.png'));
    expect([large.status, await large.text()]).toEqual([
      413,
      expect.stringContaining('role="alert"'),
    ]);
    expect(passing()).toEqual([]);
  });

  it('reads a file that has parts of the form’s own words in it', async () => {
    const type = 'multipart/form-data; boundary="b b"';
    const bytes = '\r\n--b\r\n\r\n--b ';
    const head = '--b b\r\nContent-Disposition: form-data; name="work"; filename="a"\r\n\r\n';
    const response = await post(`${head}${bytes}\r\n--b b--\r\n`, type);
    const { answer } = await find(Buffer.from(bytes));
    expect(await response.text()).toContain(answer.cid);
  });
});

describe('an address that asks and asks', () => {
  it('is told when to ask again', async () => {
    let last = await find(new Uint8Array(1));
    for (let asked = 0; asked < PER_HOUR && last.status === 200; asked += 1) {
      last = await find(new Uint8Array(0), fetch, '?name=');
      if (last.status === 400) last = { ...last, status: 200 };
    }
    expect(last).toMatchObject({ status: 429, answer: { code: 'rate_limited', retryable: true } });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(formWith(new Uint8Array(1), 'a'))).status).toBe(429);
    const headers = { 'content-type': 'application/json' };
    const receipt = JSON.stringify({ receipt: 'A'.repeat(25) });
    const looked = await fetch(`${node.url}/api/v1/objections/answer`, {
      ...{ method: 'POST', headers, body: receipt },
    });
    expect(looked.status).toBe(429);
    expect((await fetch(`${node.url}/is-my-work-here`)).status).toBe(200);
  });
});
