import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { summariseArchive } from '../support/archive-summary.ts';
import { type Ran, runCommand } from '../support/command.ts';
import { makeDrawings } from '../support/drawings.ts';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * Kills the real process at random instants, checks the stores with `verify`, runs the verb again,
 * and compares with a run that nobody disturbed.
 */
const ROUNDS = Number(process.env['RINGFENCE_KILLS'] ?? 50);
const SEED = Number(process.env['RINGFENCE_SEED'] ?? Date.now() % 100_000);

const FILES = 700;

describe(`killing ingest and release cut ${ROUNDS} times (RINGFENCE_SEED=${SEED})`, () => {
  it('loses nothing that was acknowledged, and ends as an undisturbed run does', async () => {
    using folder = temporaryFolder();
    const random = seededRandom(SEED);
    const offered = join(folder.path, 'drawings');
    await makeDrawings(offered, FILES);
    const founded = join(folder.path, 'founded');
    await succeed(['--home', founded, 'init', '--name', 'N', '--institution', 'N']);

    const undisturbed = join(folder.path, 'undisturbed');
    await cp(founded, undisturbed, { recursive: true });
    const span = await timed(() => succeed(verbs(undisturbed, offered).ingest));
    const cutSpan = await timed(() => succeed(verbs(undisturbed, offered).cut));
    const expected = await summariseArchive(undisturbed);
    expect(expected.assets.length).toBeGreaterThan(FILES / 2);

    let killed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const home = join(folder.path, `round-${round}`);
      await cp(founded, home, { recursive: true });
      const { ingest, cut } = verbs(home, offered);
      const isCut = round % 3 === 2;
      if (isCut) await succeed(ingest);
      const verb = isCut ? cut : ingest;
      // Two kills in a row now and then: recovery is killed as well.
      for (let kills = random() < 0.3 ? 2 : 1; kills > 0; kills -= 1) {
        const ran = await runAndKill(verb, random() * (isCut ? cutSpan : span));
        killed += ran.signal === 'SIGKILL' ? 1 : 0;
        await sound(home, round);
      }
      await succeed(ingest);
      if (isCut) await succeedOnce(cut);
      await sound(home, round);
      const { assets, statements, verdicts } = await summariseArchive(home);
      expect(assets, `round ${round}`).toEqual(expected.assets);
      expect(verdicts, `round ${round}`).toEqual(expected.verdicts);
      const said = (list: readonly string[]) =>
        list.filter((text) => !text.startsWith('["release"'));
      expect(said(statements), `round ${round}`).toEqual(said(expected.statements));
      const leftovers = (await readdir(home)).filter((name) => /tmp|new|journal$/.test(name));
      expect(leftovers, `round ${round}`).toEqual([]);
    }
    expect(killed).toBeGreaterThan(ROUNDS / 2);
  });
});

function verbs(home: string, offered: string) {
  const catalogue = join(offered, 'catalog.csv');
  return {
    ingest: ['--home', home, '--json', 'ingest', offered, '--catalog', catalogue, '--custody'],
    cut: ['--home', home, '--json', 'release', 'cut', 'drawings', '--at', '2026-11-22T00:00:00Z'],
  };
}

async function sound(home: string, round: number): Promise<void> {
  if (!existsSync(join(home, 'ledger.db'))) throw new Error(`round ${round} lost its ledger`);
  const ran = await runCommand(['--home', home, '--json', 'verify']);
  expect(ran.status, `round ${round}: ${ran.stdout}${ran.stderr}`).toBe(0);
}

async function succeed(args: readonly string[]): Promise<Ran> {
  const ran = await runCommand(args);
  if (ran.status !== 0)
    throw new Error(`${args.join(' ')}: ${ran.status}\n${ran.stdout}${ran.stderr}`);
  return ran;
}

/** Cuts the release, unless that was done before the process was killed. */
async function succeedOnce(args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await runCommand(args);
  const said = `${stdout}${stderr}`;
  if (status !== 0 && !said.includes('release_exists')) throw new Error(`${status}\n${said}`);
}

function runAndKill(args: readonly string[], afterMs: number): Promise<Ran> {
  return runCommand(args, {
    onSpawn: (kill) => {
      const timer = setTimeout(() => kill('SIGKILL'), afterMs);
      timer.unref();
    },
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
