import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BARE_ENVIRONMENT, boundedCommand, endGroup } from '../bounded-command.ts';
import { type ByteSource, Unreadable } from '../inspector.ts';
import { NamelessFile, type Stretch } from '../nameless-file.ts';

/** For one file, and for the start. */
const MOST_MS = 6_000;
const MOST_OUTPUT = 1024 * 1024;
/** After so many files or so much time a fresh process goes on, so that nothing gathers in one. */
const MOST_FILES = 200;
const MOST_TOTAL_MS = 60_000;
/** It writes no file at all; its time is bounded per file, before this much of a processor is spent. */
const BOUNDS = { memoryBytes: 1024 * 1024 * 1024, fileBytes: 0, cpuSeconds: 120 };
/** It would do without some of these and read less: so it is not started where they are missing. */
const MODULES = ['-MCompress::Zlib', '-MDigest::MD5', '-MDigest::SHA', '-MEncode'];
const INPUT = '/dev/fd/3';

/**
 * ExifTool of the package `exiftool-vendored.pl` in a process of its own, which is asked about one asset
 * after the other. It has no configuration, a bare environment and one file, and ends with this thread.
 */
export class ExifToolProcess {
  readonly #child: ChildProcess;
  readonly #file: NamelessFile;
  readonly #ended: Promise<void>;
  #printed: Uint8Array[] = [];
  #onPrint: () => void = () => {};
  #asked = 0;
  #spentMs = 0;

  private constructor(child: ChildProcess, file: NamelessFile) {
    this.#child = child;
    this.#file = file;
    this.#ended = new Promise((resolve) => {
      child.on('error', () => resolve());
      child.on('close', () => resolve());
    });
    // Whoever waits for an answer hears of the end of the process.
    child.stdin?.on('error', () => {});
    child.stdout?.on('error', () => {});
    child.stdout?.on('data', (chunk: Uint8Array) => {
      this.#printed.push(chunk);
      this.#onPrint();
    });
  }

  /** @throws {Unreadable} `tool-missing` without package, Perl or util-linux, or if they do not agree; `io`. */
  static async start(): Promise<ExifToolProcess> {
    const [command, args] = await startCommand();
    const file = new NamelessFile();
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore', file.fd],
      cwd: '/',
      detached: true,
      env: { ...BARE_ENVIRONMENT, TZ: 'UTC', LC_ALL: 'C' },
    });
    const started = new ExifToolProcess(child, file);
    try {
      if ((await started.#ask(['-ver'])) !== undefined) return started;
    } catch (error) {
      await started.end();
      throw error;
    }
    await started.end();
    throw new Unreadable('tool-missing', 'ExifTool does not run with the Perl that is installed');
  }

  /** Says whether a fresh one should go on. */
  get isSpent(): boolean {
    return this.#asked > MOST_FILES || this.#spentMs > MOST_TOTAL_MS;
  }

  /**
   * Returns what ExifTool prints of an asset with these arguments; undefined if it ends instead. Of the
   * asset it sees these stretches, or everything.
   *
   * @throws {Unreadable} `time`, `limit`, `io`, after which it must be ended.
   */
  async read(
    source: ByteSource,
    stretches: Iterable<Stretch> | undefined,
    args: readonly string[],
  ): Promise<string | undefined> {
    this.#file.fill(source, stretches);
    return this.#ask([...args, INPUT]);
  }

  /** Ends it. When the promise resolves it is gone, and so is what it read. */
  async end(): Promise<void> {
    endGroup(this.#child.pid);
    await this.#ended;
    this.#file[Symbol.dispose]();
  }

  async #ask(args: readonly string[]): Promise<string | undefined> {
    this.#asked += 1;
    const ready = `{ready${this.#asked}}\n`;
    const started = performance.now();
    const answer = Promise.withResolvers<string | undefined>();
    const timer = setTimeout(
      () => answer.reject(new Unreadable('time', 'ExifTool took too long')),
      MOST_MS,
    );
    this.#printed = [];
    this.#onPrint = () => {
      // JSON has no line like the mark that ends an answer.
      const text = Buffer.concat(this.#printed).toString('utf8');
      if (text.endsWith(ready)) answer.resolve(text.slice(0, -ready.length));
      else if (text.length > MOST_OUTPUT) {
        answer.reject(new Unreadable('limit', 'ExifTool told more than is kept'));
      }
    };
    void this.#ended.then(() => answer.resolve(undefined));
    this.#child.stdin?.write(`${[...args, `-execute${this.#asked}`].join('\n')}\n`);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      this.#onPrint = () => {};
      this.#spentMs += performance.now() - started;
    }
  }
}

async function startCommand(): Promise<Awaited<ReturnType<typeof boundedCommand>>> {
  try {
    const program = fileURLToPath(import.meta.resolve('exiftool-vendored.pl/bin/exiftool'));
    const args = [...MODULES, program, '-config', '', '-stay_open', 'True', '-@', '-'];
    return await boundedCommand('perl', args, BOUNDS);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Unreadable('tool-missing', `ExifTool cannot be started: ${why}`, { cause });
  }
}
