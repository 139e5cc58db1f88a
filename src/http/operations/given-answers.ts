import { hash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { tagOf } from '../callers/caller-tag.ts';
import { KeptAnswers } from './kept-answers.ts';

const MOST = 16_384;
const MOST_OF_CALLER = 1024;
/** A longer answer is not kept, only that there was one. */
const MOST_LENGTH = 1_048_576;

const answer = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

export type GivenAnswer = z.output<typeof answer>;

/** Why a request has no answer any more, or none yet. */
const UNANSWERED = {
  begun:
    'the node ended in the middle of it, or could not keep its answer; look whether it was done',
  long: 'it was done, and its answer was too long to be kept',
  secret:
    'it was done, and its answer told a secret, which is not kept; do it anew with another key',
} as const;

const record = z.object({
  request: z.string(),
  became: z.union([answer, z.enum(['begun', 'long', 'secret'])]),
});

type Record = z.output<typeof record>;

/** A request that its sender has given a key, so that it is done once however often it is sent. */
interface KeyedRequest {
  readonly caller: Caller;
  readonly key: string;
  /** Digest of everything that makes it another request. */
  readonly digest: string;
  /** Its answer is told once, and not written down. */
  readonly tellsSecret: boolean;
}

/**
 * `HOME/answers`: what was answered to requests with an `Idempotency-Key`
 * (draft-ietf-httpapi-idempotency-key-header-07), for 24 hours, to each caller by itself. That a request was
 * begun is durable before it is done, and its answer before it is sent; where the disk does not take the answer, whoever
 * asks again is told that nobody knows.
 */
export class GivenAnswers implements Disposable {
  readonly #kept: KeptAnswers;
  readonly #underWay = new Set<string>();

  private constructor(kept: KeptAnswers) {
    this.#kept = kept;
  }

  /** @throws {ArchiveError} `file_unreadable`, `disk_full`. */
  static async open(home: string): Promise<GivenAnswers> {
    return new GivenAnswers(await KeptAnswers.open(join(home, 'answers')));
  }

  /**
   * Does what a request asks for, or returns what was answered when it was done. What fails is forgotten, and
   * done when it is sent again.
   *
   * @throws {ArchiveError} `idempotency_key_reused` for another request with this key;
   * `idempotency_unsettled` while it is being done, and where nobody knows what was answered; `busy`;
   * `file_unreadable`, `disk_full` where it was not done.
   */
  async once(request: KeyedRequest, work: () => Promise<GivenAnswer>): Promise<GivenAnswer> {
    const { caller, key, digest, tellsSecret } = request;
    const tag = tagOf(caller);
    const name = `${tag}${hash('sha256', key, 'hex')}`;
    if (this.#underWay.has(name)) throw unsettled('it is being done', true);
    this.#underWay.add(name);
    try {
      const before = await this.#read(name);
      if (before !== undefined) return repeated(before, digest);
      this.#refuseMore(tag);
      const given = await this.#begun(name, digest, work);
      const isLong = given.body.length > MOST_LENGTH;
      const became = tellsSecret ? 'secret' : isLong ? 'long' : given;
      // It is done all the same, and stays begun here for whoever asks again.
      await this.#write(name, { request: digest, became }).catch(() => {});
      return given;
    } finally {
      this.#underWay.delete(name);
    }
  }

  [Symbol.dispose](): void {
    this.#kept[Symbol.dispose]();
  }

  async #begun(
    name: string,
    request: string,
    work: () => Promise<GivenAnswer>,
  ): Promise<GivenAnswer> {
    try {
      await this.#write(name, { request, became: 'begun' });
      return await work();
    } catch (error) {
      await this.#kept.remove(name);
      throw error;
    }
  }

  #refuseMore(tag: string): void {
    if (this.#kept.count < MOST && this.#kept.countOf(tag) < MOST_OF_CALLER) return;
    const text = 'too many answers are kept already; send it without Idempotency-Key, or later';
    throw new ArchiveError('busy', text, { retryable: true });
  }

  async #read(name: string): Promise<Record | undefined> {
    const text = await this.#kept.read(name);
    if (text === undefined) return undefined;
    try {
      return record.parse(JSON.parse(text));
    } catch {
      throw unsettled('what is kept of it is damaged; look whether it was done');
    }
  }

  #write(name: string, value: Record): Promise<void> {
    return this.#kept.write(name, JSON.stringify(value));
  }
}

function repeated({ request, became }: Record, digest: string): GivenAnswer {
  if (request !== digest) {
    const text = 'this Idempotency-Key came with another request; give each request its own';
    throw new ArchiveError('idempotency_key_reused', text);
  }
  if (typeof became === 'string') throw unsettled(UNANSWERED[became]);
  return became;
}

function unsettled(why: string, retryable = false): ArchiveError {
  const text = `the request with this Idempotency-Key has no answer: ${why}`;
  return new ArchiveError('idempotency_unsettled', text, { retryable });
}
