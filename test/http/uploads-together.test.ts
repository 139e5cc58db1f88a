import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesSaid } from '../support/entries-said.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';

const archivist = signerOf('archivist');
const reviewer = signerOf('reviewer');
let opened: HttpHome;
let folder: string;

beforeAll(async () => {
  opened = await openHttpHome();
  folder = join(opened.home, 'uploads');
  await opened.grant(archivist, 'archivist');
  await opened.grant(reviewer, 'reviewer');
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
});

const TUS = { 'tus-resumable': '1.0.0' };
const PART = 'application/offset+octet-stream';

/** Sends a file that is to wait for others, or only so much of it, and returns the name of its upload. */
async function send(
  name: string,
  text: string,
  said: Readonly<Record<string, string>> = {},
  { by = opened.owner, sent = text.length } = {},
): Promise<string> {
  const words = Object.entries({ name, together: 'true', ...said });
  const answer = await by(`${opened.node.url}/api/v1/uploads`, {
    method: 'POST',
    body: text.slice(0, sent),
    headers: {
      ...TUS,
      'content-type': PART,
      'upload-length': String(text.length),
      'upload-metadata': words
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(','),
    },
  });
  expect([answer.status, await answer.text()]).toEqual([201, '']);
  return answer.headers.get('location')?.split('/').at(-1) ?? '';
}

function ask(uploads: readonly string[], by = opened.owner) {
  return by(`${opened.node.url}/api/v1/deposits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uploads }),
  });
}

interface Answer {
  readonly outcomes: readonly {
    readonly upload: string;
    readonly asset?: { readonly cid: string; readonly title: string };
    readonly refusal?: { readonly code: string; readonly retryable: boolean };
  }[];
  readonly events: readonly { readonly event: string }[];
}

async function take(uploads: readonly string[], by = opened.owner): Promise<Answer> {
  const answer = await ask(uploads, by);
  expect(answer.status).toBe(200);
  // What the node answers is what the test is about.
  return (await answer.json()) as Answer;
}

const said = { title: 'A poem', creator: 'Ann', licence: 'CC0-1.0' };
const entries = () => entriesSaid(opened.node.archive.ledger);

describe('uploads that are taken in together', () => {
  it('become assets in as few entries as one ingest makes, however many they are', async () => {
    const ids = [];
    for (let at = 0; at < 40; at += 1) ids.push(await send(`many/${at}.txt`, `poem ${at}`, said));
    const before = await entries();
    const { outcomes } = await take(ids);
    expect(outcomes.map(({ upload, asset }) => [upload, asset?.title])).toEqual(
      ids.map((id) => [id, 'A poem']),
    );
    expect((await entries()) - before).toBeLessThanOrEqual(2);
    // Nothing but what became of each is kept, and the same is told to whoever has lost the answer.
    expect(readdirSync(folder).filter((name) => !name.includes('.'))).toEqual([]);
    const again = await take(ids);
    expect(again.outcomes.map(({ asset }) => asset?.cid)).toEqual(
      outcomes.map(({ asset }) => asset?.cid),
    );
    expect((await entries()) - before).toBeLessThanOrEqual(2);
  });

  it('stop one another in nothing where one is refused', async () => {
    const sha256 = createHash('sha256').update('other').digest('hex');
    const ids = [
      await send('good.txt', 'a good poem', said),
      await send('other.txt', 'not other', { ...said, sha256 }),
      await send('cut.txt', 'a poem cut short', said, { sent: 4 }),
      'f'.repeat(48),
      await send('also.txt', 'another good poem', said),
    ];
    const { outcomes } = await take(ids);
    expect(outcomes.map(({ asset, refusal }) => asset?.title ?? refusal?.code)).toEqual([
      ...['A poem', 'digest_mismatch', 'not_found', 'not_found', 'A poem'],
    ]);
    // What is not what was said can never be taken in; what is not whole goes on.
    const head = (id = '') =>
      opened.owner(`${opened.node.url}/api/v1/uploads/${id}`, { method: 'HEAD', headers: TUS });
    expect((await head(ids[1])).status).toBe(404);
    expect((await head(ids[2])).headers.get('upload-offset')).toBe('4');
  });

  it('are the same after the node was started anew in between, and wait until they are asked for', async () => {
    const before = await entries();
    const ids = [await send('kept/1.txt', 'kept poem 1'), await send('kept/2.txt', 'kept poem 2')];
    expect(await entries()).toBe(before);
    await opened.restart();
    const { outcomes } = await take(ids);
    expect(outcomes.every(({ asset }) => asset !== undefined)).toBe(true);
  });

  it('can go under one name, into several collections, and be one file twice', async () => {
    const ids = [
      await send('same.txt', 'first under this name', { collection: 'one' }),
      await send('same.txt', 'second under this name', { collection: 'one' }),
      await send('same.txt', 'first under this name', { collection: 'two' }),
      await send('copy.txt', 'first under this name', { collection: 'two' }),
    ];
    const { outcomes } = await take([...ids, ids[0] ?? '']);
    const cids = outcomes.map(({ asset }) => asset?.cid);
    expect(new Set(cids).size).toBe(2);
    expect([cids[2], cids[3], cids[4]]).toEqual([cids[0], cids[0], cids[0]]);
    const view = opened.node.archive.catalog.asset(cids[0] as never);
    expect(view?.deposits.map(({ collection }) => collection).sort()).toEqual([
      ...['one', 'two', 'two'],
    ]);
  });

  it('are taken in once by whoever asks twice at the same time', async () => {
    const ids = [await send('race/1.txt', 'raced 1'), await send('race/2.txt', 'raced 2')];
    const deposits = () => opened.node.archive.catalog.count({ text: 'race' });
    expect(await deposits()).toBe(0);
    const [one, other] = await Promise.all([take(ids), take(ids.toReversed())]);
    expect(one.outcomes.map(({ asset }) => asset?.cid)).toEqual(
      other.outcomes.toReversed().map(({ asset }) => asset?.cid),
    );
    expect(await deposits()).toBe(2);
    const [{ asset } = {}] = one.outcomes;
    const view = opened.node.archive.catalog.asset(asset?.cid as never);
    expect(view?.deposits).toHaveLength(1);
  });

  it('say once what there is to tell of all of them', async () => {
    const custody = { ...said, custody: 'true' };
    const ids = [await send('c1.txt', 'held 1', custody), await send('c2.txt', 'held 2', custody)];
    const { events } = await take(ids);
    expect(events).toEqual([expect.objectContaining({ event: 'warning' })]);
  });

  it('are taken in for nobody else, and for nobody who may not record', async () => {
    const mine = await send('mine.txt', 'mine');
    const { outcomes } = await take([mine], opened.as(archivist));
    expect(outcomes[0]?.refusal?.code).toBe('not_found');
    expect((await ask([mine], opened.as(reviewer))).status).toBe(403);
    expect((await ask([mine], fetch)).status).toBe(401);
    expect((await take([mine])).outcomes[0]?.asset).toBeDefined();
  });

  it.each([
    ['none', []],
    ['too many', Array<string>(257).fill('a'.repeat(48))],
    ['what is no name of an upload', ['../../key.pem']],
  ])('are refused where %s is asked for', async (_what, uploads) => {
    expect((await ask(uploads)).status).toBe(400);
  });
});
