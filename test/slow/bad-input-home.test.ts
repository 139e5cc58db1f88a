import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { summariseArchive } from '../support/archive-summary.ts';
import {
  errorOf,
  expectSame,
  expectSound,
  ingestInto,
  succeed,
  type Undisturbed,
  undisturbed,
} from '../support/bad-input.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { seededBytes } from '../support/environs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Homes that are in use, newer, damaged or interrupted, under the real process. */

const MIB = 1_048_576;
const SEED = process.env['RINGFENCE_SEED'] ?? '1';
const random = seededBytes(`bad input ${SEED}`);
const upTo = (limit: number) => Buffer.from(random(4)).readUInt32LE() % limit;

const temporary = temporaryFolder();
let calm: Undisturbed;
let copies = 0;

beforeAll(async () => {
  calm = await undisturbed(temporary.path, 600);
});
afterAll(() => temporary[Symbol.dispose]());

async function copyOf(home: string): Promise<string> {
  copies += 1;
  const copy = join(temporary.path, `copy-${copies}`);
  await cp(home, copy, { recursive: true });
  return copy;
}

const on = (home: string, ...args: string[]) => runCommand(['--home', home, '--json', ...args]);

describe('a home', () => {
  it('that another process has open is named with its owner, and nothing is changed', async () => {
    const home = await copyOf(calm.founded);
    const owner = spawn(process.execPath, [
      fileURLToPath(new URL('../support/children/own-home.ts', import.meta.url)),
      home,
    ]);
    await once(owner.stdout, 'data');
    try {
      for (const args of [ingestInto(home, calm.offered), ['--home', home, '--json', 'list']]) {
        const ran = await runCommand(args);
        expect(ran.status).toBe(EXIT.locked);
        expect(errorOf(ran)).toMatchObject({
          code: 'home_locked',
          message: expect.stringContaining(`process ${owner.pid}`),
        });
      }
    } finally {
      owner.kill('SIGKILL');
      await once(owner, 'close');
    }
    await succeed(ingestInto(home, calm.offered));
    await expectSame(home, calm.expected);
  });

  it('of a newer version is left as it is', async () => {
    const home = await copyOf(calm.filled);
    const settings = join(home, 'ringfence.json');
    const text = readFileSync(settings, 'utf8');
    writeFileSync(settings, text.replace('"version": 1', '"version": 2'));
    await expectNewer(home);
    writeFileSync(settings, text);
    await expectSound(home);
  });

  it.each(['ledger.db', 'content.db'])(
    'whose %s is of a newer version is left as it is',
    async (name) => {
      const home = await copyOf(calm.filled);
      const path = join(home, name);
      const bytes = readFileSync(path);
      // user_version, https://www.sqlite.org/fileformat2.html#user_version_number
      const newer = Buffer.from(bytes);
      newer.writeUInt32BE(1_000, 60);
      writeFileSync(path, newer);
      await expectNewer(home);
      expect(readFileSync(path).equals(newer)).toBe(true);
      writeFileSync(path, bytes);
      await expectSound(home);
    },
  );

  async function expectNewer(home: string): Promise<void> {
    for (const verb of ['list', 'verify', 'ingest']) {
      const ran = await (verb === 'ingest'
        ? runCommand(ingestInto(home, calm.offered))
        : on(home, verb));
      expect(ran.status, `${verb}: ${ran.stdout}`).toBe(EXIT.newer);
      expect(errorOf(ran)).toMatchObject({ code: 'home_newer' });
    }
  }
});

/** Says a bit or a place in words, so that a failure can be made again. */
const DAMAGES: readonly [string, (path: string) => void][] = [
  ['cut to nothing', (path) => truncateSync(path, 0)],
  ['cut in half', (path) => truncateSync(path, readFileSync(path).length >> 1)],
  ['cut by one byte', (path) => truncateSync(path, readFileSync(path).length - 1)],
  ...Array.from({ length: 6 }, (_, i): [string, (path: string) => void] => [
    `flip ${i}`,
    (path) => {
      const bytes = readFileSync(path);
      // The first of them in the header, where every file begins to be believed.
      const bit = i < 2 ? upTo(100 * 8) : upTo(bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(path, bytes);
    },
  ]),
];

/** What a verdict is decided by, without saying which statement each of it comes from. */
function unplaced(verdict: string): string {
  return verdict.replaceAll(/"refs?":(?:\d+|\[[\d,]*\]),?|"witnesses":\[[^{]*?\]\],/g, '');
}

describe(`damage (RINGFENCE_SEED=${SEED})`, () => {
  /** Statuses with which a verb may answer when what it reads is damaged; never a defect. */
  const ANSWERS: readonly number[] = [EXIT.done, EXIT.corrupt, EXIT.notFound];

  async function expectNoDefect(
    home: string,
    what: string,
    ...more: readonly (readonly string[])[]
  ): Promise<void> {
    const [first] = calm.expected.assets;
    for (const args of [['list'], ['show', first ?? ''], ['status'], ['doctor'], ...more]) {
      const ran = await on(home, ...args);
      const told = `${what}, ${args.join(' ')}: ${ran.status} ${ran.stdout}${ran.stderr}`;
      expect(ANSWERS, told).toContain(ran.status);
      if (ran.status === EXIT.corrupt) {
        expect(errorOf(ran).message, told).toMatch(/restore|check|mend|backup|move|verify/);
      }
    }
  }

  it.each(['ledger.db', 'packs/00000001.car'])(
    'in %s is found and named by verify',
    async (name) => {
      for (const [how, damage] of DAMAGES) {
        const home = await copyOf(calm.filled);
        damage(join(home, name));
        const ran = await on(home, 'verify');
        const what = `${name} ${how}`;
        expect(ran.status, `${what}: ${ran.stdout}${ran.stderr}`).toBe(EXIT.unsound);
        const [report] = documents(ran) as { ok: boolean; problems: { text: string }[] }[];
        expect(report?.ok, what).toBe(false);
        const told = JSON.stringify(report?.problems);
        expect(told, what).toMatch(/baf|zdpu|\.car|ledger\.db/);
        await expectNoDefect(home, what, ['release', 'cut', 'a']);
        await rm(home, { recursive: true });
      }
    },
  );

  it.each(['catalog.db', 'content.db'])(
    'in %s loses nothing: it is made again, or does not matter',
    async (name) => {
      for (const [how, damage] of DAMAGES) {
        const home = await copyOf(calm.filled);
        damage(join(home, name));
        const what = `${name} ${how}`;
        await expectNoDefect(home, what);
        const listed = await on(home, 'list');
        if (listed.status === EXIT.done) {
          const cids = documents(listed).map((one) => (one as { cid: string }).cid);
          expect(cids.sort(), what).toEqual([...calm.expected.assets].sort());
        }
        const verified = await on(home, 'verify');
        // The content index is told when it contradicts the packs; the catalog is nobody's truth.
        if (verified.status !== EXIT.done) expect(name, verified.stdout).toBe('content.db');
        let again = await runCommand(ingestInto(home, calm.offered));
        if (again.status === EXIT.corrupt) {
          // What shows in use alone ends when the file is moved away, as is said.
          expect(errorOf(again).message, what).toContain(`${name} is damaged`);
          await rm(join(home, name));
          again = await runCommand(ingestInto(home, calm.offered));
        }
        expect(again.status, `${what}: ${again.stdout}${again.stderr}`).toBe(EXIT.done);
        // What one bit hides is a block, which is stored again, or a record, which is said again.
        const told = documents(again).at(-1) as { deposits: number; bytes: number };
        expect(told.deposits, what).toBe(0);
        expect(told.bytes, what).toBeLessThanOrEqual(MIB);
        await succeed(['--home', home, 'reindex']);
        const { assets, verdicts } = await summariseArchive(home);
        expect(assets, what).toEqual(calm.expected.assets);
        expect(verdicts.map(unplaced), what).toEqual(calm.expected.verdicts.map(unplaced));
        await rm(home, { recursive: true });
      }
    },
  );
});

describe(`an interruption (RINGFENCE_SEED=${SEED})`, () => {
  const interrupt = (
    args: readonly string[],
    name: NodeJS.Signals,
    afterMs: number,
  ): Promise<Ran> =>
    runCommand(args, { onSpawn: (kill) => setTimeout(() => kill(name), afterMs).unref() });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends an ingest in order, and the next run ends as if there had been none',
    async (name) => {
      let interrupted = 0;
      // On a busy machine many are ended before they listen.
      for (let round = 0; round < 6 || (interrupted < 2 && round < 30); round += 1) {
        const home = await copyOf(calm.founded);
        const ran = await interrupt(ingestInto(home, calm.offered), name, 300 + upTo(calm.spanMs));
        // Before the program listens the signal ends it, as it ends every program.
        if (ran.signal === null) {
          expect(existsSync(join(home, 'ledger.db-wal')), 'closed in order').toBe(false);
          if (ran.status !== EXIT.done) {
            expect(ran.status, ran.stdout + ran.stderr).toBe(EXIT.interrupted);
            expect(errorOf(ran).code).toBe('aborted');
            interrupted += 1;
          }
        }
        await expectSound(home);
        await succeed(ingestInto(home, calm.offered));
        await expectSound(home);
        await expectSame(home, calm.expected);
        await rm(home, { recursive: true });
      }
      expect(interrupted).toBeGreaterThan(1);
    },
  );

  it('of cutting and exporting a release leaves no half release and no half file', async () => {
    const home = await copyOf(calm.filled);
    const out = join(temporary.path, 'out');
    const cut = ['--home', home, '--json', 'release', 'cut', 'prints'];
    for (let round = 0; round < 4; round += 1) await interrupt(cut, 'SIGINT', 300 + upTo(600));
    await expectSound(home);
    const list = ['--home', home, '--json', 'release', 'list'];
    // An interruption may have come too late to keep it from being cut.
    if (documents(await succeed(list)).length === 0) await succeed(cut);
    const [release] = documents(await succeed(list)) as { release: string }[];
    const released = release?.release ?? '';
    const args = ['--home', home, '--json', 'release', 'export', released, '--out', out];
    for (let round = 0; round < 4; round += 1) {
      await interrupt(args, 'SIGTERM', 200 + upTo(400));
      const names = existsSync(out) ? readdirSync(out) : [];
      expect(names.filter((one) => one.startsWith('.'))).toEqual([]);
    }
    await succeed(args);
    await succeed(['--home', home, 'release', 'verify', released]);
    await expectSound(home);
  });
});
