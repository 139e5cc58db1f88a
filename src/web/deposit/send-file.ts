import { DetailedError, Upload } from 'tus-js-client';
import { type Problem, Refusal } from '../api/client.ts';
import { authorization } from '../api/identity.ts';
import { forgetAtNode } from './forget-at-node.ts';
import { isPassingStatus, RETRY_MS } from './retrying.ts';
import { forgetSent, nameOf, rememberSent, sentBefore } from './sent-before.ts';

const ENDPOINT = '/api/v1/uploads';
/** So much travels in one request, read from the disk as it does. */
const CHUNK_BYTES = 32 * 1_048_576;
/** A file of this size comes whole in the request that begins it. */
const MOST_AT_ONCE = 1_048_576;
/** A digest takes all bytes in memory at once. */
const MOST_DIGESTED = 16 * 1_048_576;
type Said = Readonly<Record<string, string>>;

/** A file that the node has whole and not taken in yet: its name on the shelf, and where it is there. */
export interface Sent {
  readonly name: string;
  readonly url: string;
}

/**
 * Sends a file with what is said of it, on from where it was when it was sent before, and resolves when the node
 * has all of it; with the asset that it is, where it was taken in before. Goes on by itself for some minutes
 * while nothing answers. Throws a {@link Refusal}, or what was wrong with the file.
 */
export async function sendFile(
  file: File,
  words: Said,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Sent | { readonly cid: string }> {
  const said = await withDigest(file, words);
  const name = await nameOf(file, said);
  const before = await sentBefore(name);
  if (before?.cid !== undefined) return { cid: before.cid };
  return { name, url: await upload(file, said, before?.url, name, onSent, signal) };
}

function upload(
  file: File,
  said: Said,
  uploadUrl: string | undefined,
  name: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      // What is left of it at the node is gone on with, or expires there.
      void sending.abort().catch(() => {});
      reject(signal.reason);
    };
    const sending = new Upload(file, {
      endpoint: ENDPOINT,
      // It is taken in together with others, when it is asked for.
      metadata: { ...said, together: 'true' },
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
      onSuccess() {
        signal.removeEventListener('abort', stop);
        if (sending.url === null)
          reject(new TypeError('the node has not said where the upload is'));
        else resolve(sending.url);
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

function isPassing({ originalResponse }: DetailedError): boolean {
  return isPassingStatus(originalResponse?.getStatus() ?? 0);
}

function refusalIn(error: Error): Refusal | undefined {
  if (!(error instanceof DetailedError) || error.originalResponse == null) return undefined;
  const { originalResponse: response } = error;
  return new Refusal(response.getStatus(), (parsed(response.getBody()) ?? {}) as Problem);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The size has been compared; a digest is what the row says, or that of a file that is not large. */
async function withDigest(file: File, { bytes: _bytes, ...said }: Said): Promise<Said> {
  if ('sha256' in said || file.size > MOST_DIGESTED || file.size === 0) return said;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return { ...said, sha256: hex.join('') };
}
