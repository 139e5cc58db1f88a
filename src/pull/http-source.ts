import { type Dispatcher, request } from 'undici';
import { throwIfAborted } from '../core/abort.ts';
import { ArchiveError, ERROR_CODES, type ErrorCode } from '../core/errors.ts';
import type { PullParts } from './parts.ts';
import type { ReleaseAddress } from './release-name.ts';

/** Answers that may be another a little later. */
const RETRIED: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const MOST_TRIES = 7;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 60_000;
/** How long an answer, and then each part of it, is waited for. */
const HEADERS_MS = 60_000;
const BODY_MS = 30_000;
/** A line that brings less than this in so long is given up: a byte now and then would keep a pull for years. */
const SLOW_MS = 60_000;
const LEAST_BYTES = 16_384;
const MOST_PROBLEM_BYTES = 65_536;

interface OpenedBody {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: AsyncIterable<Uint8Array>;
}

interface HttpOptions {
  /** Signs in; sent to the node alone, and nowhere that it points to. */
  readonly token: () => string | undefined;
  readonly signal: AbortSignal;
}

interface Asked {
  readonly offset?: number;
  readonly query?: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: Uint8Array;
  readonly type?: string;
}

/** One release at one node, over HTTP. What fails for the moment is asked again, less and less often. */
export class HttpSource {
  /** As it is told to people: without what a signed URL carries. */
  readonly name: string;
  readonly #query: string;
  readonly #options: HttpOptions;
  readonly #parts: Pick<PullParts, 'dispatcher' | 'wait' | 'randomBytes' | 'clock'>;

  constructor(
    { base, query }: ReleaseAddress,
    options: HttpOptions,
    parts: Pick<PullParts, 'dispatcher' | 'wait' | 'randomBytes' | 'clock'>,
  ) {
    this.name = base;
    this.#query = query;
    this.#options = options;
    this.#parts = parts;
  }

  /**
   * Returns a small file whole.
   *
   * @throws {ArchiveError} as {@link open}; `peer_invalid` for more bytes than it may have.
   */
  async read(path: string, mostBytes: number, query = ''): Promise<Uint8Array> {
    return this.#trying(() => this.#whole(path, { query }, mostBytes));
  }

  /** Sends JSON, and returns what is answered. @throws as {@link read}. */
  async post(path: string, json: Uint8Array, mostBytes: number): Promise<Uint8Array> {
    const sent = { method: 'POST', body: json, type: 'application/json' } as const;
    return this.#trying(() => this.#whole(path, sent, mostBytes));
  }

  /**
   * Begins to read a file at an offset. What comes may end early, which the caller sees by its length.
   *
   * @throws {ArchiveError} `peer_unreachable` where nobody answers in the end; what the node says otherwise;
   * `aborted`.
   */
  async open(path: string, offset: number): Promise<OpenedBody> {
    return this.#trying(() => this.#open(path, { offset }));
  }

  async #trying<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        throwIfAborted(this.#options.signal);
        if (!(error instanceof ArchiveError) || !error.retryable || tries === MOST_TRIES)
          throw error;
        await this.pause(tries, error instanceof BusyError ? error.afterMs : 0);
      }
    }
  }

  /** Waits before something is tried again, longer each time. */
  async pause(tries: number, atLeastMs = 0): Promise<void> {
    const [chance = 0] = this.#parts.randomBytes(1);
    const grown = FIRST_WAIT_MS * 2 ** (tries - 1) * (1 + chance / 255);
    const ms = Math.min(LONGEST_WAIT_MS, Math.max(grown, atLeastMs));
    const { signal } = this.#options;
    try {
      await this.#parts.wait(ms, signal);
    } finally {
      throwIfAborted(signal);
    }
  }

  async #whole(path: string, asked: Asked, mostBytes: number): Promise<Uint8Array> {
    const { bytes } = await this.#open(path, asked);
    const whole = await collect(bytes, mostBytes);
    if (whole !== undefined) return whole;
    const text = `${this.name} sends more than ${mostBytes} bytes as ${path}`;
    throw new ArchiveError('peer_invalid', text);
  }

  async #open(path: string, asked: Asked): Promise<OpenedBody> {
    const { offset = 0, query = '', method = 'GET', body, type } = asked;
    const { signal } = this.#options;
    const token = this.#options.token();
    const queries = [this.#query, query].filter((one) => one !== '').join('&');
    const url = `${this.name}/${path}${queries === '' ? '' : `?${queries}`}`;
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(url, {
        ...{ method, signal, headersTimeout: HEADERS_MS, bodyTimeout: BODY_MS },
        dispatcher: this.#parts.dispatcher,
        body: body ?? null,
        headers: {
          'user-agent': 'ringfence-pull',
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      });
    } catch (cause) {
      throw this.#unreachable(cause);
    }
    const { statusCode: status, headers } = answer;
    if (status === 200 || status === 201 || status === 206) {
      return { status, headers, bytes: this.#told(answer.body) };
    }
    throw await this.#refusal({ ...answer, body: this.#told(answer.body) }, path);
  }

  /** Errors of a broken line become ours, and one that brings next to nothing is broken. */
  async *#told(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { clock } = this.#parts;
    let [waitedMs, bytes] = [0, 0];
    let since = clock();
    try {
      for await (const chunk of body) {
        // What the reader took of that time is not the line's.
        waitedMs += clock() - since;
        bytes += chunk.length;
        yield chunk;
        if (bytes >= LEAST_BYTES) [waitedMs, bytes] = [0, 0];
        else if (waitedMs >= SLOW_MS) {
          throw new Error(`it sent ${bytes} bytes in ${Math.round(waitedMs / 1000)} seconds`);
        }
        since = clock();
      }
    } catch (cause) {
      throw this.#unreachable(cause);
    }
  }

  #unreachable(cause: unknown): ArchiveError {
    throwIfAborted(this.#options.signal);
    const text = cause instanceof Error ? cause.message : String(cause);
    const what = `${this.name} cannot be reached, or broke off: ${text}`;
    return new ArchiveError('peer_unreachable', what, { cause, retryable: true });
  }

  async #refusal(
    {
      statusCode,
      headers,
      body,
    }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & {
      readonly body: AsyncIterable<Uint8Array>;
    },
    path: string,
  ) {
    const problem = await problemIn(body);
    const isRetried = RETRIED.has(statusCode);
    const said = problem.detail ?? `it answers with the status ${statusCode}`;
    const text = `${this.name}/${path}: ${said}`;
    const code = problem.code ?? (isRetried ? 'busy' : 'peer_invalid');
    const seconds = Number(headers['retry-after']);
    const afterMs = Number.isFinite(seconds) ? seconds * 1000 : 0;
    return isRetried ? new BusyError(code, text, afterMs) : new ArchiveError(code, text);
  }
}

class BusyError extends ArchiveError {
  readonly afterMs: number;

  constructor(code: ErrorCode, message: string, afterMs: number) {
    super(code, message, { retryable: true });
    this.afterMs = afterMs;
  }
}

/** Returns what an answer says of itself (RFC 9457), as far as it can be believed to be ours. */
async function problemIn(
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly code?: ErrorCode; readonly detail?: string }> {
  try {
    const bytes = await collect(body, MOST_PROBLEM_BYTES);
    const { code, detail } = JSON.parse(bytes?.toString() ?? '{}');
    const known = ERROR_CODES.find((one) => one === code);
    if (known === undefined || typeof detail !== 'string') return {};
    return { code: known, detail: detail.slice(0, 1000) };
  } catch {
    return {};
  }
}

/** Returns what comes; undefined once it is more than it may be, and then no more of it is read. */
async function collect(
  bytes: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    parts.push(part);
    size += part.length;
    if (size > mostBytes) return undefined;
  }
  return Buffer.concat(parts);
}
