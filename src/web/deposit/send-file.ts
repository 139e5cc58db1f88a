import { DetailedError, Upload } from 'tus-js-client';
import type { paths } from '../../../.cache/web/described.d.ts';
import { type Problem, Refusal } from '../api/client.ts';
import { authorization, signedFetch } from '../api/identity.ts';
import { forgetSent, nameOf, rememberSent, sentBefore } from './sent-before.ts';

const ENDPOINT = '/api/v1/uploads';
/** So much travels in one request, read from the disk as it does. */
const CHUNK_BYTES = 32 * 1_048_576;
/** A file of this size comes whole in the request that begins it. */
const MOST_AT_ONCE = 1_048_576;
/** A digest takes all bytes in memory at once. */
const MOST_DIGESTED = 16 * 1_048_576;
/** Some ten minutes without a node. */
const RETRY_MS = [500, 1000, 2000, 5000, ...Array<number>(60).fill(10_000)];
const PASSING = new Set([409, 423, 429]);

type TakenAsset = paths['/api/v1/assets']['post']['responses'][201]['content']['application/json'];

/** What became of a file; its findings are known where it was sent now. */
export interface Taken {
  readonly cid: string;
  readonly asset: TakenAsset | undefined;
}

/**
 * Sends a file with what is said of it, on from where it was when it was sent before, and resolves when
 * the node has taken it in. Goes on by itself for some minutes while nothing answers. Throws a
 * {@link Refusal}, or what was wrong with the file.
 */
export async function sendFile(
  file: File,
  words: Readonly<Record<string, string>>,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Taken> {
  const said = await withDigest(file, words);
  const name = await nameOf(file, said);
  const before = await sentBefore(name);
  if (before?.cid !== undefined) return { cid: before.cid, asset: undefined };
  const { url, body } = await upload(file, said, before?.url, name, onSent, signal);
  const asset = assetIn(body) ?? (await outcomeOf(url, file.size));
  await rememberSent(name, { cid: asset.cid });
  if (url !== null) forgetAtNode(url);
  return { cid: asset.cid, asset };
}

function upload(
  file: File,
  said: Readonly<Record<string, string>>,
  uploadUrl: string | undefined,
  name: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ readonly url: string | null; readonly body: string }> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      // What is left of it at the node is gone on with, or expires there.
      void sending.abort().catch(() => {});
      reject(signal.reason);
    };
    const sending = new Upload(file, {
      endpoint: ENDPOINT,
      metadata: said,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_MS,
      // What breaks off before its address is known cannot go on.
      uploadDataDuringCreation: file.size <= MOST_AT_ONCE,
      // Kept by this page itself, with what became of it.
      storeFingerprintForResuming: false,
      ...(uploadUrl === undefined ? {} : { uploadUrl }),
      async onBeforeRequest(request) {
        const header = await authorization();
        if (header !== undefined) request.setHeader('Authorization', header);
      },
      onShouldRetry: (error) => isPassing(error),
      onUploadUrlAvailable() {
        if (sending.url !== null) void rememberSent(name, { url: sending.url });
      },
      onProgress: (sent) => onSent(sent),
      onSuccess({ lastResponse }) {
        signal.removeEventListener('abort', stop);
        resolve({ url: sending.url, body: lastResponse.getBody() ?? '' });
      },
      onError(error) {
        signal.removeEventListener('abort', stop);
        const refusal = refusalIn(error);
        // Where nothing answered, it goes on from there.
        if (refusal !== undefined) {
          void forgetSent(name);
          if (sending.url !== null) forgetAtNode(sending.url);
        }
        reject(refusal ?? error);
      },
    });
    signal.addEventListener('abort', stop);
    sending.start();
  });
}

/** Without an answer, or where the node says that it is for now. */
function isPassing({ originalResponse }: DetailedError): boolean {
  const status = originalResponse?.getStatus() ?? 0;
  return status === 0 || PASSING.has(status) || (status >= 500 && status !== 507);
}

function refusalIn(error: Error): Refusal | undefined {
  if (!(error instanceof DetailedError) || error.originalResponse == null) return undefined;
  const { originalResponse: response } = error;
  return new Refusal(response.getStatus(), (parsed(response.getBody()) ?? {}) as Problem);
}

/** Asks what became of an upload whose last answer was lost; what is whole and not taken in is so now. */
async function outcomeOf(url: string | null, size: number): Promise<TakenAsset> {
  if (url === null) throw new TypeError('the node has not said where the upload is');
  const known = await tus(url, 'GET');
  const answer = known.ok ? known : await tus(url, 'PATCH', size);
  const body = await answer.text();
  const asset = assetIn(body);
  if (asset !== undefined) return asset;
  throw new Refusal(answer.status, (parsed(body) ?? {}) as Problem);
}

/** A node remembers few uploads of one caller. Where it does not hear of this, the upload expires. */
function forgetAtNode(url: string): void {
  tus(url, 'DELETE').catch(() => {});
}

function tus(url: string, method: string, offset?: number): Promise<Response> {
  const headers = {
    'tus-resumable': '1.0.0',
    ...(offset === undefined
      ? {}
      : { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }),
  };
  return signedFetch(new Request(url, { method, headers }));
}

function assetIn(body: string): TakenAsset | undefined {
  const read = parsed(body);
  return read !== null && typeof read === 'object' && 'cid' in read
    ? (read as TakenAsset)
    : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The size has been compared; a digest is what the row says, or that of a file that is not large. */
async function withDigest(
  file: File,
  { bytes: _bytes, ...said }: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  if ('sha256' in said || file.size > MOST_DIGESTED || file.size === 0) return said;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return { ...said, sha256: hex.join('') };
}
