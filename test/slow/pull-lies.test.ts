import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPull } from '../../src/compose/pulling/open-pull.ts';
import { ArchiveError, type ErrorCode } from '../../src/core/errors.ts';
import { pullRelease } from '../../src/pull/pull-release.ts';
import { parseWanted } from '../../src/pull/release-name.ts';
import { openReleaseHome, type ReleaseHome } from '../support/release-home.ts';
import { type Lie, type TamperingProxy, tamperingProxy } from '../support/tampering-proxy.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a pull ends with that was lied to. */
const NAMED: ReadonlySet<ErrorCode> = new Set(['peer_invalid', 'release_invalid']);

/** What is of one pull, and not of the release. */
const OWN = new Set(['pulled.json', 'receipt.json', 'PROVENANCE.md', 'skip.txt', 'nodes']);

const folders = temporaryFolder();
let home: ReleaseHome;
let other: ReleaseHome;
let proxy: TamperingProxy;
let count = 0;

/** A release from which one work was taken down; the poems are another poet's in another home. */
async function openHome(poet: string): Promise<ReleaseHome> {
  const works: Record<string, Uint8Array> = {
    'long.txt': Buffer.from(`${poet}\n`.repeat(300_000)),
  };
  for (let at = 0; at < 5; at += 1) works[`poem${at}.txt`] = Buffer.from(`${poet} ${at}\n`);
  const opened = await openReleaseHome(works);
  await opened.show('public');
  const words = { kind: 'takedown', reason: 'court-order', authority: null };
  await opened.perform('stop', { words, subject: { assets: [opened.assets.get('poem3.txt')] } });
  return opened;
}

beforeAll(async () => {
  [home, other] = await Promise.all([openHome('Ada'), openHome('Eve')]);
  proxy = await tamperingProxy(home.node.url ?? '');
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  folders[Symbol.dispose]();
});

const pathOf = (asked: string) => asked.split('?')[0] ?? '';

async function pull(...from: readonly string[]): Promise<string> {
  count += 1;
  const folder = join(folders.path, `out${count}`);
  await using opened = await openPull(join(folders.path, 'key.pem'));
  const { did } = home.node.archive.ledger.self;
  const { did: hers } = other.node.archive.ledger.self;
  const keys = { get: async () => undefined, set: async () => {} };
  await pullRelease(
    {
      ...{ folder, release: parseWanted('works@1.0.0'), from, nodes: [] },
      ...{ earlier: undefined, isOnlyNews: false, parallel: 4, token: () => undefined },
      curator: from.includes(proxy.url) ? did : hers,
    },
    { ...opened, keys, wait: async () => {} },
    { signal: new AbortController().signal, notice() {}, progress() {} },
  );
  return folder;
}

function filesOf(folder: string): ReadonlyMap<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile() && !OWN.has(one.name));
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, 'latin1')];
    }),
  );
}

/** Returns the answers by which another node's release of that name is pulled, by their paths. */
async function answersOf(node: ReleaseHome): Promise<ReadonlyMap<string, Buffer>> {
  await using passing = await tamperingProxy(node.node.url ?? '');
  const answers = new Map<string, Buffer>();
  passing.lie = ({ path, body }) => {
    answers.set(pathOf(path), body);
    return undefined;
  };
  await pull(passing.url);
  return answers;
}

it('a server that lies about any one of its answers is named, or the release is right all the same', async () => {
  const answers = new Map<string, Buffer>();
  proxy.lie = ({ path, body }) => {
    answers.set(pathOf(path), body);
    return undefined;
  };
  const right = filesOf(await pull(proxy.url));
  expect([...right.keys()]).toContain('SHA256SUMS');
  const hers = await answersOf(other);
  const lies: readonly (readonly [string, (body: Buffer, path: string) => Buffer | undefined])[] = [
    ['a bit is another', (body) => flipped(body)],
    ['half of it is missing', (body) => body.subarray(0, body.length >> 1)],
    ['it is empty', () => Buffer.alloc(0)],
    ['something follows it', (body) => Buffer.concat([body, body.subarray(0, 100)])],
    ['it is that of another release', (_, path) => hers.get(path)],
  ];
  const wrong: unknown[] = [];
  let told = 0;
  for (const path of answers.keys()) {
    for (const [what, change] of lies) {
      const lie: Lie = (answer) => {
        const body = pathOf(answer.path) === path ? change(answer.body, path) : undefined;
        if (body === undefined || body.equals(answer.body)) return undefined;
        told += 1;
        return { body };
      };
      proxy.lie = lie;
      const outcome = await pull(proxy.url).then(filesOf, (error: unknown) => error);
      const isNamed =
        outcome instanceof ArchiveError &&
        NAMED.has(outcome.code) &&
        outcome.message.includes(proxy.url);
      const isRight = isDeepStrictEqual(outcome, right);
      if (!isNamed && !isRight)
        wrong.push([path, what, outcome instanceof Map ? 'believed' : outcome]);
    }
  }
  expect(wrong).toEqual([]);
  // Each of the answers was lied about in nearly all of the ways.
  expect(told).toBeGreaterThan(answers.size * (lies.length - 1));
});

it('a server that lies is healed by another that holds the release', async () => {
  const right = filesOf(await pull(proxy.url));
  proxy.asked.length = 0;
  proxy.lie = () => undefined;
  await pull(proxy.url);
  const wrong: unknown[] = [];
  for (const path of new Set(proxy.asked.map(pathOf))) {
    proxy.lie = (answer) =>
      pathOf(answer.path) === path ? { body: flipped(answer.body) } : undefined;
    const outcome = await pull(proxy.url, home.node.url ?? '').then(filesOf, String);
    if (!isDeepStrictEqual(outcome, right)) wrong.push([path, outcome]);
  }
  expect(wrong).toEqual([]);
});

function flipped(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = body.length >> 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
