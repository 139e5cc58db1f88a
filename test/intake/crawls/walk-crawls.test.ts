import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileOffer, WalkItem } from '../../../src/core/ports/intake.ts';
import { intake } from '../../../src/intake/intake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { FETCHED, type Recorded, warc, warcRecord } from '../../support/warc.ts';

const PNG = {
  url: 'https://a.example/art/cat.png',
  body: 'cat',
  head: ['Content-Type: image/png'],
};

interface Seen {
  readonly item: WalkItem;
  readonly bytes: string;
}

async function walked(crawl: Uint8Array): Promise<readonly Seen[]> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'crawl.warc.gz');
  await writeFile(path, crawl);
  const seen: Seen[] = [];
  for await (const item of intake.walkCrawls([path], { scratch: folder.path })) {
    const isFile = item.kind === 'file';
    seen.push({ item, bytes: isFile ? await readFile(Buffer.from(item.path), 'utf8') : '' });
    if (isFile) await intake.discardCrawled([item]);
    if (isFile) expect(existsSync(Buffer.from(item.path))).toBe(false);
  }
  return seen;
}

async function fileIn(crawl: Uint8Array, url: string): Promise<FileOffer> {
  const found = (await walked(crawl)).find(
    ({ item }) => item.kind === 'file' && item.relative === url,
  );
  if (found?.item.kind !== 'file') throw new Error(`${url} is not there`);
  return found.item;
}

/** What is said for the file, as `protocol where`. */
async function saidFor(url: string, ...responses: readonly Recorded[]) {
  const file = await fileIn(warc(...responses), url);
  return (file.fetched?.signals ?? []).map(({ protocol, where }) => `${protocol} ${where}`);
}

const faultOf = async (crawl: Uint8Array) => {
  const seen = await walked(crawl);
  expect(seen.map(({ item }) => item.kind)).toEqual(['problem']);
  return seen.map(({ item }) => (item.kind === 'problem' ? `${item.code} ${item.text}` : ''))[0];
};

describe('the files of a crawl', () => {
  it('are the responses with status 200, with the bytes that a reader got', async () => {
    const chunked = '3\r\ncat\r\n2;x=y\r\nty\r\n0\r\n\r\n';
    const seen = await walked(
      warc(
        PNG,
        { ...PNG, url: 'https://a.example/gone', status: 404 },
        { url: 'https://a.example/c', body: chunked, head: ['Transfer-Encoding: chunked'] },
        { url: 'https://a.example/z', body: gzipSync('packed'), head: ['Content-Encoding: gzip'] },
        {
          url: 'https://a.example/b',
          body: brotliCompressSync('br'),
          head: ['content-encoding: br'],
        },
      ),
    );
    expect(seen.map(({ bytes }) => bytes)).toEqual(['cat', 'catty', 'packed', 'br']);
    expect(seen[0]?.item).toMatchObject({
      kind: 'file',
      name: 'cat.png',
      relative: PNG.url,
      size: 3,
    });
  });

  it('come from an unpacked WARC as well', async () => {
    const seen = await walked(
      Buffer.concat([warcRecord(PNG), warcRecord({ ...PNG, body: 'dog' })]),
    );
    expect(seen.map(({ bytes }) => bytes)).toEqual(['cat', 'dog']);
  });
});

describe('what the source of a crawled file reserves', () => {
  it('is read from the head of its response, with address and day, a field said twice both times', async () => {
    const head = [
      ...(PNG.head ?? []),
      'tdm-reservation: 0',
      'TDM-Reservation: 1',
      'X-Robots-Tag: googlebot: noimageai',
      'Content-Usage: train-ai=n',
    ];
    const file = await fileIn(warc({ ...PNG, head }), PNG.url);
    expect(file.fetched?.signals).toMatchObject([
      { protocol: 'tdmrep', values: { data_mining: 'allow' }, where: PNG.url, at: FETCHED },
      { protocol: 'tdmrep', values: { data_mining: 'deny' }, text: 'TDM-Reservation: 1' },
      { protocol: 'noai' },
      { protocol: 'aipref', values: { ai_generative_training: 'deny' } },
    ]);
  });

  it('is read from robots.txt and tdmrep.json of its site, by path, wherever they stand in the crawl', async () => {
    const robots = {
      url: 'https://a.example/robots.txt',
      body: 'User-agent: *\nContent-Usage: / train-ai=y\nContent-Usage: /art/ train-ai=n\nUser-agent: X\nContent-Signal: ai-train=no\n',
    };
    const tdmrep = {
      url: 'https://a.example/.well-known/tdmrep.json',
      body: JSON.stringify([
        { location: '/art/*.jpg$', 'tdm-reservation': 0 },
        { location: '/art/*.png$', 'tdm-reservation': 1 },
        { location: '/', 'tdm-reservation': 0 },
      ]),
    };
    const other = { ...PNG, url: 'https://b.example/art/cat.png' };
    const file = await fileIn(warc(PNG, other, robots, tdmrep), PNG.url);
    expect(file.fetched?.signals).toMatchObject([
      { protocol: 'aipref', values: { ai_generative_training: 'deny' }, where: robots.url },
      { protocol: 'content-signal', where: robots.url },
      { protocol: 'tdmrep', values: { data_mining: 'deny' }, where: tdmrep.url },
    ]);
    expect(await saidFor(other.url, PNG, other, robots, tdmrep)).toEqual([]);
  });

  it('is read from the paths that robots.txt shuts to all, or to crawlers that fetch for training', async () => {
    const robots = (body: string) => ({ url: 'https://a.example/robots.txt', body });
    const shut = robots('User-agent: GPTBot\nDisallow: /art/\n');
    const file = await fileIn(warc(PNG, shut), PNG.url);
    expect(file.fetched?.signals).toMatchObject([
      {
        protocol: 'robots',
        values: { ai_generative_training: 'deny', ai_training: 'deny', data_mining: 'deny' },
        where: shut.url,
        text: 'User-agent: gptbot, kept from this path',
      },
    ]);
    const others = robots('User-agent: GPTBot\nDisallow: /music/\nUser-agent: X\nDisallow: /\n');
    expect(await saidFor(PNG.url, PNG, others)).toEqual([]);
  });

  it('is read from the RSL terms of its site for its address, and is a condition where they are elsewhere', async () => {
    const rsl = {
      url: 'https://a.example/license.xml',
      head: ['Content-Type: application/rsl+xml'],
      body:
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="/art/*"><license>' +
        '<prohibits type="usage">ai-train</prohibits></license></content>' +
        '<content url="/texts/"><license><permits type="usage">all</permits></license></content></rsl>',
    };
    const link = 'Link: </license.xml>; rel="license"; type="application/rsl+xml"';
    const linking = { ...PNG, head: [...(PNG.head ?? []), link] };
    expect(await saidFor(PNG.url, linking, rsl)).toEqual([`rsl ${rsl.url}`]);
    const file = await fileIn(warc(linking), PNG.url);
    expect(file.fetched?.signals).toMatchObject([
      { protocol: 'rsl', values: { ai_training: { condition: 'rsl:licence' } }, where: PNG.url },
    ]);
  });

  it('is read from the pages that show it', async () => {
    const page = {
      url: 'https://a.example/index.html',
      head: ['Content-Type: text/html; charset=utf-8'],
      body: '<meta name="robots" content="noimageai"><img alt="" src="art/cat.png#x">',
    };
    expect(await saidFor(PNG.url, PNG, page)).toEqual([`noai ${page.url}`]);
    expect(await saidFor(PNG.url, PNG, { ...page, body: '<img src="art/cat.png">' })).toEqual([]);
  });
});

describe('a later visit that found a file unchanged', () => {
  const again = (recorded: Recorded): Recorded => ({ ...recorded, type: 'revisit', body: '' });
  const robots = {
    url: 'https://a.example/robots.txt',
    body: 'User-agent: *\nContent-Usage: train-ai=n\n',
    head: ['Content-Type: text/plain'],
  };

  it('is no file of its own, and what it reserves holds for the file', async () => {
    const reserved = again({ ...PNG, head: [...PNG.head, 'TDM-Reservation: 1'] });
    const seen = await walked(warc(PNG, reserved));
    expect(seen.map(({ bytes }) => bytes)).toEqual(['cat']);
    expect(await saidFor(PNG.url, PNG, reserved)).toEqual([`tdmrep ${PNG.url}`]);
    expect(await saidFor(PNG.url, PNG, again({ ...PNG, status: 304 }))).toEqual([]);
    expect(await saidFor(PNG.url, { ...reserved, status: 304 }, PNG)).toEqual([
      `tdmrep ${PNG.url}`,
    ]);
  });

  it('of robots.txt, terms or a page keeps the crawl out where what it was is not in it', async () => {
    const page = {
      url: 'https://a.example/',
      body: '<img src="art/cat.png">',
      head: ['Content-Type: text/html'],
    };
    for (const text of [robots, page]) {
      expect(await faultOf(warc(PNG, again(text)))).toMatch(/recorded as unchanged/);
      const elsewhere = { ...text, url: 'https://b.example/robots.txt' };
      const refers = { ...again(text), fields: [`WARC-Refers-To-Target-URI: ${elsewhere.url}`] };
      expect(await faultOf(warc(PNG, elsewhere, refers))).toMatch(/recorded as unchanged/);
      expect(
        (await walked(warc(again(text), PNG, text))).map(({ item }) => item.kind),
      ).not.toContain('problem');
    }
    expect(await saidFor(PNG.url, again(robots), PNG, robots)).toEqual([`aipref ${robots.url}`]);
  });
});

describe('a crawl that is not what it says', () => {
  it('gives nothing where the WARC itself is wrong', async () => {
    const record = warcRecord(PNG);
    const twice = warcRecord({ ...PNG, fields: ['WARC-Target-URI: https://b.example/'] });
    const longer = Buffer.from(
      record.toString('latin1').replace(/(Content-Length: )\d+/, '$199999'),
    );
    const shorter = Buffer.from(
      record
        .toString('latin1')
        .replace(/(Content-Length: )(\d+)/, (_all, name, length) => `${name}${length - 1}`),
    );
    expect(await faultOf(Buffer.from('no'))).toMatch(/^input_invalid .*breaks off|no WARC/);
    expect(await faultOf(Buffer.from('%PDF-1.7\n'))).toMatch(/^input_invalid .*no WARC file/);
    expect(await faultOf(Buffer.alloc(0))).toMatch(/it is empty/);
    expect(await faultOf(twice)).toMatch(/says WARC-Target-URI twice/);
    expect(await faultOf(longer)).toMatch(/breaks off within a record/);
    expect(await faultOf(shorter)).toMatch(/not as long as it says/);
    expect(await faultOf(warc(PNG).subarray(0, 60))).toMatch(/cannot be unpacked/);
    expect(await faultOf(Buffer.concat([warc(PNG), Buffer.from('more')]))).toMatch(
      /follows|unpacked/,
    );
    expect(await faultOf(gzipSync(Buffer.alloc(80_000_000)))).toMatch(/^input_invalid/);
  });

  it('gives nothing where what could reserve cannot be read', async () => {
    const robots = {
      url: 'https://a.example/robots.txt',
      body: 'xx',
      head: ['Content-Encoding: gzip'],
    };
    expect(await faultOf(warc(PNG, robots))).toMatch(/robots.txt: it cannot be unpacked/);
    const cut = { ...robots, head: [], fields: ['WARC-Truncated: length'] };
    expect(await faultOf(warc(PNG, cut))).toMatch(/does not hold all of it/);
    const parts = { ...robots, head: [], fields: ['WARC-Segment-Number: 1'] };
    expect(await faultOf(warc(PNG, parts))).toMatch(/several segments, which are not put together/);
  });

  it('leaves out a response that is not whole, and takes the others', async () => {
    const bomb = gzipSync(Buffer.alloc(80_000_000));
    const seen = await walked(
      warc(
        { ...PNG, head: [...PNG.head, 'Content-Length: 4'] },
        { ...PNG, head: [...PNG.head, 'Content-Length: 3', 'Content-Length: 4'] },
        { ...PNG, head: [...PNG.head, 'Content-Encoding: gzip, gzip'] },
        { ...PNG, head: [...PNG.head, 'Transfer-Encoding: chunked'] },
        { ...PNG, head: [...PNG.head, 'Content-Encoding: gzip'], body: bomb },
        { ...PNG, fields: ['WARC-Truncated: disconnect'] },
        { ...PNG, fields: ['WARC-Segment-Number: 1'] },
        { ...PNG, type: 'continuation', fields: ['WARC-Segment-Number: 2'] },
        { ...PNG, body: 'dog' },
      ),
    );
    const kinds = seen.map(({ item }) => item.kind);
    expect(kinds).toEqual([...Array(7).fill('problem'), 'file']);
    expect(seen.at(-1)?.bytes).toBe('dog');
  });
});
