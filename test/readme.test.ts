import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../src/cli/exit-codes.ts';
import { createProgram } from '../src/cli/program.ts';
import { png, textChunk } from './evidence/support/png-bytes.ts';
import { runCommand } from './support/command.ts';
import { startNode, type TestNode } from './support/running-node.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** What the README tells newcomers to do is done, in its order. */

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Where an archive lies when nothing is said. */
const OWN_HOME = '.ringfence';

const commands = blocksOf('sh').flatMap((block) =>
  block
    .split('\n')
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .filter((line) => line !== ''),
);
const ringfence = commands.flatMap((line) =>
  line.startsWith('npx ringfence ') ? [wordsOf(line).slice(2)] : [],
);

describe('the README', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());

  it('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = commands.flatMap((line) => [...line.matchAll(/npm (?:run )?([a-z:]+)/g)]);
    const names = named.map(([, name]) => name).filter((name) => name !== 'ci');
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(Object.keys(scripts)).toContain(name);
  });

  it('names verbs and options that the command line has', () => {
    expect(ringfence.length).toBeGreaterThan(6);
    for (const words of ringfence) expectKnown(words);
  });

  it('points to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, to]) => to ?? '');
    const files = links.filter((to) => !/^https?:/.test(to));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('tells commands that work one after the other', async () => {
    const [catalogue, attested = ''] = blocksOf('csv');
    const scans = join(folder.path, 'scans');
    mkdirSync(scans);
    writeFileSync(join(folder.path, 'words.txt'), 'correct horse battery staple\n');
    writeFileSync(join(scans, 'catalog.csv'), catalogue ?? '');
    const rows = (catalogue ?? '').trim().split('\n').slice(1);
    for (const row of rows) {
      const [name = ''] = row.split(',');
      writeFileSync(join(scans, name), png(textChunk('Title', name)));
    }
    for (const name of ['rabbit-files', 'generated']) {
      mkdirSync(join(folder.path, name));
      writeFileSync(join(folder.path, name, 'a.png'), png(textChunk('Title', name)));
    }
    /** What stands in the place of words that the README abbreviates. */
    const known = new Map<string, string>();
    await using nodes = new RunningNodes(folder.path);
    for (const written of ringfence) {
      const words = written.map((word) => {
        const [short, whole] = [...known].find(([key]) => word.startsWith(key)) ?? ['', ''];
        return word.replace(short, whole);
      });
      const [home, [verb = '', ...args]] = splitHome(words);
      if (verb === 'serve') {
        await nodes.serve(home, args);
        continue;
      }
      const ran = await runCommand(words, { cwd: folder.path, env: { RINGFENCE_HOME: '' } });
      expect(ran.status, `${words.join(' ')}\n${ran.stdout}${ran.stderr}`).toBe(EXIT.done);
      expect(ran.stderr, words.join(' ')).toBe('');
      if (verb === 'init') known.set('/orbitdb/…', /\/orbitdb\/\w+/.exec(ran.stdout)?.[0] ?? '');
      if (verb === 'search') {
        const found = cidIn(ran.stdout, 'bafkrei');
        known.set('bafkrei…', found);
        writeFileSync(join(folder.path, 'prints.csv'), attested.replace('bafkrei…', found));
      }
      const [, said] = /^(?:Recorded|Attested) .*: (zdpu\w+\/0)$/m.exec(ran.stdout) ?? [];
      if (said !== undefined) known.set('zdpu…/0', said);
      if (args[0] === 'cut') known.set('bafybei…', cidIn(ran.stdout, 'bafybei'));
      if (args[0] === 'new') known.set('did:key:z6Mk…', ran.stdout.trim());
      if (args[0] === 'grant') {
        known.set('ABCDE-…', /code (\S+)/.exec(ran.stdout)?.[1] ?? '');
      }
      if (verb === 'invite') known.set('rf1…', ran.stdout.split('\n')[0] ?? '');
      if (verb === 'explain') expect(ran.stdout).toContain('Uncontested');
      if (verb === 'checkpoint') expect(ran.stdout.match(/^— did:key:/gm)).toHaveLength(1);
      if (verb === 'verify' && args.length > 0) expect(ran.stdout).toContain('was confirmed by');
    }
    expect(readdirSync(join(folder.path, 'dataset'))).toContain('release.json');
  }, 300_000);
});

describe('the examples in --help', () => {
  it('use verbs and options that there are', () => {
    const examples = helpTexts().flatMap(
      (help) =>
        (help.split('Example')[1] ?? '')
          .split('Exit statuses:')[0]
          ?.split(/\n|&&|\|/)
          .map((line) => line.replace(/ > .*$/, '').trim())
          .filter((line) => line.startsWith('ringfence ')) ?? [],
    );
    expect(examples.length).toBeGreaterThan(15);
    for (const line of examples) expectKnown(wordsOf(line).slice(1));
  });
});

/** The nodes that the README leaves running, one for a home, on free ports. */
class RunningNodes implements AsyncDisposable {
  readonly #folder: string;
  readonly #running = new Map<string, TestNode>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a node, instead of one that runs for that home, and waits for what it has to fetch. */
  async serve(home: string, args: readonly string[]): Promise<void> {
    await this.#running.get(home)?.[Symbol.asyncDispose]();
    const free = args.map((arg) =>
      arg.replace(/\/tcp\/\d+$/, '/tcp/0').replace(/^([\d.]+):\d+$/, '$1:0'),
    );
    const node = await startNode(join(this.#folder, home), ...free);
    this.#running.set(home, node);
    if (home !== OWN_HOME) await node.logged(({ event }) => event === 'replicated');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#running.values()) await node[Symbol.asyncDispose]();
  }
}

type Program = ReturnType<typeof createProgram>;

/** Expects verb and options to be known, at the depth where they stand. */
function expectKnown(words: readonly string[]): void {
  let at: Program = createProgram(() => undefined);
  const options = new Set(['--home', '--json', '--help']);
  const rest = [...words];
  while (rest[0] === '--home') rest.splice(0, 2);
  while (rest[0] !== undefined) {
    const next = at.commands.find((command) => command.name() === rest[0]);
    if (next === undefined) break;
    at = next;
    rest.shift();
  }
  expect(at.parent, words.join(' ')).not.toBeNull();
  for (const option of at.options) options.add(option.long ?? '');
  for (const word of rest.filter((one) => one.startsWith('--'))) {
    expect([...options], words.join(' ')).toContain(word.split('=')[0]);
  }
}

function helpTexts(): string[] {
  const texts: string[] = [];
  const visit = (command: Program): void => {
    let text = '';
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
    command.outputHelp();
    texts.push(text);
    command.commands.forEach(visit);
  };
  visit(createProgram(() => undefined));
  return texts;
}

/** Returns the home that a command names, and the rest of it. */
function splitHome(words: readonly string[]): [home: string, rest: readonly string[]] {
  const [option, home = ''] = words;
  return option === '--home' ? [home, words.slice(2)] : [OWN_HOME, words];
}

/** The fenced blocks of a language. */
function blocksOf(language: string): string[] {
  const blocks = readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, text]) => text ?? '');
}

/** Splits a line as a shell does, as far as the README goes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function cidIn(text: string, prefix: string): string {
  return new RegExp(`${prefix}[a-z2-7]+`).exec(text)?.[0] ?? '';
}
