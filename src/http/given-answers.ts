import { hash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import type { Caller } from '../core/sharing/caller.ts';
import { tagOf } from './caller-tag.ts';

const KEPT_MS = 24 * 3_600_000;
const SWEEP_MS = 3_600_000;
const MOST = 16_384;
const MOST_OF_CALLER = 1024;
/** A longer answer is not kept, only that there was one. */
const MOST_LENGTH = 1_048_576;

const answer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** `answer` is null while nobody knows what became of the request, or where it was too long to keep. */
const record = z.object({
  at: z.number(),
  request: z.string(),
  isDone: z.boolean(),
  answer: answer.nullable(),
});

export type GivenAnswer = z.output<typeof answer>;
type Record = z.output<typeof record>;

/** A request that its sender has given a key, so that it is done once however often it is sent. */
interface KeyedRequest {
  readonly caller: Caller;
  readonly key: string;
  /** Digest of everything that makes it another request. */
  readonly digest: string;
}

/**
 * `HOME/answers`: what was answered to requests with an `Idempotency-Key`
 * (draft-ietf-httpapi-idempotency-key-header-07), for 24 hours, to each caller by itself. That a request was
 * begun is durable before it is done, and its answer before it is sent.
 */
export class GivenAnswers implements Disposable {
  readonly #folder: string;
  /** When each request was begun, by its file. */
  readonly #known = new Map<string, number>();
  readonly #underWay = new Set<string>();
  readonly #sweeping: NodeJS.Timeout;

  private constructor(folder: string) {
    this.#folder = folder;
    // What cannot be removed now is tried again.
    this.#sweeping = setInterval(() => void this.#sweep().catch(() => {}), SWEEP_MS).unref();
  }

  static async open(home: string): Promise<GivenAnswers> {
    const folder = join(home, 'answers');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const answers = new GivenAnswers(folder);
    for (const name of await readdir(folder)) {
      answers.#known.set(name, (await answers.#read(name))?.at ?? 0);
    }
    await answers.#sweep();
    return answers;
  }

  /**
   * Does what a request asks for, or returns what was answered when it was done. What fails is forgotten, and
   * done when it is sent again.
   *
   * @throws {ArchiveError} `idempotency_key_reused` for another request with this key;
   * `idempotency_unsettled` while it is being done, and after a node ended in the middle of it; `busy`.
   */
  async once(request: KeyedRequest, work: () => Promise<GivenAnswer>): Promise<GivenAnswer> {
    const { caller, key, digest } = request;
    const name = `${tagOf(caller)}${hash('sha256', key, 'hex')}`;
    if (this.#underWay.has(name)) throw unsettled('it is being done');
    this.#underWay.add(name);
    try {
      const before = await this.#read(name);
      if (before !== undefined) return repeated(before, digest);
      this.#refuseMore(tagOf(caller));
      const begun = { at: Date.now(), request: digest };
      await this.#write(name, { ...begun, isDone: false, answer: null });
      const given = await this.#done(name, work);
      const isKept = given.body.length <= MOST_LENGTH;
      await this.#write(name, { ...begun, isDone: true, answer: isKept ? given : null });
      return given;
    } finally {
      this.#underWay.delete(name);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping);
  }

  async #done(name: string, work: () => Promise<GivenAnswer>): Promise<GivenAnswer> {
    try {
      return await work();
    } catch (error) {
      await this.#remove(name);
      throw error;
    }
  }

  #refuseMore(tag: string): void {
    const own = [...this.#known.keys()].filter((name) => name.startsWith(tag)).length;
    if (this.#known.size < MOST && own < MOST_OF_CALLER) return;
    const text = 'too many answers are kept already; send it without Idempotency-Key, or later';
    throw new ArchiveError('busy', text, { retryable: true });
  }

  async #read(name: string): Promise<Record | undefined> {
    try {
      const found = record.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8')));
      return Date.now() - found.at > KEPT_MS ? undefined : found;
    } catch {
      return undefined;
    }
  }

  async #write(name: string, value: Record): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(`${path}.new`, JSON.stringify(value), { flush: true, mode: 0o600 });
    await rename(`${path}.new`, path);
    await using folder = await open(this.#folder);
    await folder.sync();
    this.#known.set(name, value.at);
  }

  async #remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
    this.#known.delete(name);
  }

  async #sweep(): Promise<void> {
    for (const [name, at] of this.#known) {
      if (Date.now() - at > KEPT_MS) await this.#remove(name);
    }
  }
}

function repeated({ request, isDone, answer: given }: Record, digest: string): GivenAnswer {
  if (request !== digest) {
    const text = 'this Idempotency-Key came with another request; give each request its own';
    throw new ArchiveError('idempotency_key_reused', text);
  }
  if (given !== null) return given;
  throw isDone
    ? unsettled('it was done, and its answer was too long to be kept', false)
    : unsettled('the node ended in the middle of it; look whether it was done', false);
}

function unsettled(why: string, retryable = true): ArchiveError {
  const text = `the request with this Idempotency-Key has no answer: ${why}`;
  return new ArchiveError('idempotency_unsettled', text, { retryable });
}
