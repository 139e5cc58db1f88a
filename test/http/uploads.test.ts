import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeToken } from '../../src/compose/keys/home-token.ts';
import type { RunningNode } from '../../src/compose/open-node.ts';
import { type HeldScreening, openHeldScreening } from '../support/held-screening.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MOST = 3_000_000;
const archivist = signerOf('archivist');
const reviewer = signerOf('reviewer');
/** More than two leaves. */
const large = randomBytes(2_500_000);
const temporary = temporaryFolder();
let screening: HeldScreening;
let opened: HttpHome;
let node: RunningNode;
let owner: typeof fetch;

beforeAll(async () => {
  const clamd = join(temporary.path, 'clamd');
  screening = await openHeldScreening(clamd);
  const uploads = { atOnce: 2, mostBytes: { owner: MOST, archivist: 10 } };
  opened = await openHttpHome({ uploads, screening: { clamd } });
  ({ node, owner } = opened);
  await opened.grant(archivist, 'archivist');
  await opened.grant(reviewer, 'reviewer');
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await screening[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

interface Answered {
  readonly cid: string;
  readonly events: unknown;
  readonly deposits: unknown;
}

const WORDS = { title: 'A poem', creator: 'Ann; Ben', licence: 'CC0-1.0' };

function upload(
  query: Readonly<Record<string, string>>,
  body: string | Uint8Array<ArrayBuffer>,
  by = owner,
  type = 'application/octet-stream',
): Promise<Response> {
  const asked = `${node.url}/api/v1/assets?${new URLSearchParams(query)}`;
  return by(asked, { method: 'POST', headers: { 'content-type': type }, body });
}

/** What lies where uploads come in. */
function kept(): readonly string[] {
  const folder = join(opened.home, 'passing');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Sends a request as it is, and leaves the connection open. */
async function begun(...lines: readonly string[]): Promise<Socket> {
  const { host, port } = new URL(node.url ?? '');
  const head = [
    'POST /api/v1/assets?name=a.txt HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${await homeToken(opened.home)}`,
    'Content-Type: application/octet-stream',
    ...lines,
  ];
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`${head.join('\r\n')}`);
  return socket;
}

async function answerOn(socket: Socket): Promise<string> {
  for await (const chunk of socket) return String(chunk);
  return '';
}

describe('a file sent in one request', () => {
  it('is an asset with what was said of it, shown as it was answered', async () => {
    const words = { ...WORDS, digital_source_type: 'digitalCreation', tags: 'x; y' };
    const sha256 = createHash('sha256').update(large).digest('hex');
    const sent = await upload({ name: 'deep/large.bin', ...words, sha256, custody: 'true' }, large);
    expect(sent.status).toBe(201);
    // What the node answers is what the test is about.
    const { events, ...asset } = (await sent.json()) as Answered;
    expect(asset).toMatchObject({ ...{ title: 'A poem', creators: ['Ann', 'Ben'] }, sha256 });
    expect(asset.deposits).toMatchObject([{ collection: 'main', filename: 'deep/large.bin' }]);
    expect(events).toEqual([]);
    const location = node.url + (sent.headers.get('location') ?? '');
    expect(await (await owner(location)).json()).toEqual(asset);
    const bytes = await (await owner(`${node.url}/ipfs/${asset.cid}`)).arrayBuffer();
    expect(Buffer.from(bytes).equals(large)).toBe(true);
  });

  it('is deposited once, however often it comes, and at the same time', async () => {
    const send = () => upload({ name: 'twice.txt' }, 'the same');
    const sent = await Promise.all([send(), send()]);
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 201]);
    const [one, other] = await Promise.all(sent.map((answer) => answer.json()));
    expect(one).toEqual(other);
    expect(one).toMatchObject({ title: 'twice', licence: null, deposits: [{}] });
  });

  it('may be empty, and have a name in any script', async () => {
    const name = '\u202eصورة 😀.txt';
    const sent = await upload({ name }, '');
    expect(await sent.json()).toMatchObject({ size: 0, deposits: [{ filename: name }] });
  });

  it.each([
    ['leads elsewhere', { name: '../key.pem' }, 400, 'input_invalid'],
    ['leads elsewhere in between', { name: 'a/../../key.pem' }, 400, 'input_invalid'],
    ['is absolute', { name: '/etc/passwd' }, 400, 'input_invalid'],
    ['holds a zero byte', { name: 'a\0b' }, 400, 'input_invalid'],
    ['holds line breaks', { name: 'a\r\nX: y' }, 400, 'input_invalid'],
    ['has 10,000 characters', { name: 'a'.repeat(10_000) }, 400, 'input_invalid'],
    ['is not there', {}, 400, 'input_invalid'],
  ])('is refused when its name %s', async (_what, query, status, code) => {
    const sent = await upload(query, 'x');
    expect([sent.status, await sent.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect(kept()).toEqual([]);
  });

  it.each([
    ['no title', { creator: 'Ann', licence: 'CC0-1.0' }, 400, 'catalogue_invalid'],
    ['no known licence', { ...WORDS, licence: 'free for all' }, 400, 'licence_unknown'],
    ['another digest', { sha256: '0'.repeat(64) }, 400, 'digest_mismatch'],
    ['what is no column', { colour: 'red' }, 400, 'input_invalid'],
    ['a source type that is none', { ...WORDS, digital_source_type: 'x y' }, 400, 'row_invalid'],
  ])('is refused with %s, and nothing of it stays', async (_what, query, status, code) => {
    const before = (await node.archive.content.stats()).bytes;
    const sent = await upload({ name: 'a.txt', ...query }, 'not to be kept');
    expect([sent.status, await sent.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect(kept()).toEqual([]);
    expect((await node.archive.content.stats()).bytes).toBe(before);
  });

  it('is refused as a form, as which browsers send without asking', async () => {
    const sent = await upload({ name: 'a.txt' }, 'x', owner, 'text/plain');
    expect(sent.status).toBe(415);
  });

  it('is refused from whoever may not record, and above the limit of a role', async () => {
    expect((await upload({ name: 'a.txt' }, 'x', fetch)).status).toBe(401);
    expect((await upload({ name: 'a.txt' }, 'x', opened.as(reviewer))).status).toBe(403);
    expect((await upload({ name: 'b.txt' }, '0123456789', opened.as(archivist))).status).toBe(201);
    const sent = await upload({ name: 'a.txt' }, '01234567890', opened.as(archivist));
    expect([sent.status, await sent.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'too_large' }),
    ]);
  });
});

describe('a body', () => {
  it('of more than may come is refused before it comes, or as soon as it has', async () => {
    const said = await begun(`Content-Length: ${MOST + 1}`, '', '');
    expect(await answerOn(said)).toMatch(/^HTTP\/1.1 413 /);
    const unsaid = await begun('Transfer-Encoding: chunked', '', '');
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), large.subarray(0, 1_048_576)]);
    for (let at = 0; at < 3; at += 1) unsaid.write(Buffer.concat([chunk, Buffer.from('\r\n')]));
    expect(await answerOn(unsaid)).toMatch(/^HTTP\/1.1 413 /);
    for (const socket of [said, unsaid]) socket.destroy();
    await expect.poll(kept).toEqual([]);
  });

  it('that breaks off leaves nothing, and one too many is told to come back', async () => {
    const before = node.archive.ledger.size();
    const slow = [
      await begun('Content-Length: 1000', '', 'the first words'),
      await begun('Transfer-Encoding: chunked', '', '5\r\nwords\r\n'),
    ];
    await expect.poll(() => kept().length).toBe(2);
    const third = await upload({ name: 'a.txt' }, 'x');
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5']);
    for (const socket of slow) socket.destroy();
    await expect.poll(kept).toEqual([]);
    expect((await upload({ name: 'a.txt' }, 'after all')).status).toBe(201);
    const since = await Array.fromAsync(node.archive.ledger.arrivals(before));
    const said = since.flatMap(({ standing }) => standing.map(({ statement }) => statement.kind));
    expect(said.filter((kind) => kind === 'deposit')).toHaveLength(1);
  });

  it('keeps its place until it is taken in', async () => {
    screening.hold();
    const first = upload({ name: 'first.txt' }, 'a first');
    const second = upload({ name: 'second.txt' }, 'a second');
    await expect.poll(() => screening.waiting).toBe(1);
    await expect.poll(() => kept().length).toBe(2);
    expect((await upload({ name: 'third.txt' }, 'a third')).status).toBe(503);
    screening.letGo();
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([201, 201]);
  });
});
