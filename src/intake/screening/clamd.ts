import { connect, type Socket } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';

/** Where clamd listens: a socket file, or an address on this machine. */
export type ClamdPlace =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

/** How long clamd may take. */
interface Patience {
  /** For the next word, or to take the next part. */
  readonly silenceMs: number;
  /** For one file, however often it lets hear that it is there. */
  readonly fileMs: number;
}

const PATIENCE: Patience = { silenceMs: 60_000, fileMs: 15 * 60_000 };
const REPLY_BYTES = 4096;
const HUNG_UP = 'it has hung up';
const CHUNK_BYTES = 256 * 1024;

/**
 * Returns what clamd says of bytes that are streamed to it (`INSTREAM`, clamd(8)): the name of a signature,
 * `not-screened` where it hangs up on them and lives, as it does above its StreamMaxLength, undefined for
 * nothing found.
 *
 * @throws {ArchiveError} `screening_unavailable` where it cannot be reached, says nothing for a minute, is
 * not done in a quarter of an hour, is gone, or answers with something else; `aborted`; whatever reading the bytes throws.
 */
export async function askClamd(
  place: ClamdPlace,
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
  patience = PATIENCE,
): Promise<{ readonly found: string } | 'not-screened' | undefined> {
  try {
    return meaningOf(await exchange(place, streamed(bytes), signal, patience), place);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    // Its answer that this is too much is lost where it comes while more is on its way.
    if (isHungUp(error) && (await isAlive(place, signal))) return 'not-screened';
    throw unavailable(place, error, signal);
  }
}

async function isAlive(place: ClamdPlace, signal?: AbortSignal): Promise<boolean> {
  const answer = await exchange(place, [Buffer.from('zPING\0')], signal).catch(() => undefined);
  return answer === 'PONG';
}

/** Sends parts until an answer comes, and returns it. Each part has left before the next is asked for. */
async function exchange(
  place: ClamdPlace,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal?: AbortSignal,
  { silenceMs, fileMs }: Patience = PATIENCE,
): Promise<string> {
  const socket = connect({ ...place, ...(signal && { signal }) });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      let text = '';
      timer = setTimeout(() => reject(new Error('it takes too long')), fileMs);
      socket.setTimeout(silenceMs, () => reject(new Error('it says nothing')));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(HUNG_UP)));
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')));
        else if (text.length > REPLY_BYTES) reject(new Error('it says too much'));
      });
      send(socket, parts).catch(reject);
    });
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

async function send(
  socket: Socket,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const part of parts) {
    await new Promise<void>((resolve, reject) => {
      socket.write(part, (error) => (error == null ? resolve() : reject(error)));
    });
  }
}

async function* streamed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.from('zINSTREAM\0');
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      const part = chunk.subarray(at, at + CHUNK_BYTES);
      yield lengthOf(part.length);
      yield part;
    }
  }
  yield lengthOf(0);
}

function lengthOf(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}

function isHungUp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return error.message === HUNG_UP || code === 'EPIPE' || code === 'ECONNRESET';
}

function meaningOf(answer: string, place: ClamdPlace) {
  if (answer === 'stream: OK') return undefined;
  if (/^INSTREAM size limit exceeded/.test(answer)) return 'not-screened' as const;
  const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (found !== undefined) return { found };
  throw unavailable(place, new Error(`it answers ${JSON.stringify(answer.slice(0, 200))}`));
}

function unavailable(place: ClamdPlace, cause: unknown, signal?: AbortSignal): ArchiveError {
  if (signal?.aborted === true) {
    return new ArchiveError('aborted', 'stopped before the end; run it again to go on', { cause });
  }
  const where = 'path' in place ? place.path : `${place.host}:${place.port}`;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError(
    'screening_unavailable',
    `clamd at ${where} cannot be asked (${why}), and nothing is taken in unscreened; start it, or take it ` +
      'out of "screening" in ringfence.json',
    { cause, retryable: true },
  );
}
