import { randomBytes } from 'node:crypto';
import { FileStore } from '@tus/file-store';
import { Server, Upload } from '@tus/server';
import type { Request as HttpRequest } from 'express';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { tagOf } from '../callers/caller-tag.ts';
import { callerOf } from '../callers/sign-in.ts';
import { read } from '../contract/endpoint.ts';
import { type SaidOfUpload, uploadEndpoint } from '../contract/upload-endpoints.ts';
import type { PartsFolder } from './parts-folder.ts';
import type { WholeUpload } from './taking-whole.ts';

/** Uploads of one caller that are under way or have ended not long ago. */
const MOST_OF_CALLER = 256;

/** What clients say of a file on their own account. */
const OF_CLIENTS: ReadonlySet<string> = new Set(['filename', 'filetype', 'type', 'relativePath']);

/** Says that an upload, when it is whole, waits to be taken in together with others. */
const TOGETHER = 'together';

interface TusTerms {
  readonly path: string;
  readonly parts: PartsFolder;
  mostBytes(caller: Caller): number;
  /** Looks at what is said of a file that is to come. */
  check(said: SaidOfUpload): Promise<void>;
  /** Takes in what a request has made whole, and returns the body that answers for it. */
  take(upload: WholeUpload, req: HttpRequest): Promise<string>;
  /** Resolves when an upload is not being taken in, or not any more. */
  taken(id: string): Promise<void>;
}

export interface TusServer {
  /** Answers a request; `failure` is what our own part of it threw, if it did. */
  answer(
    req: HttpRequest,
    body: AsyncIterable<Uint8Array> | undefined,
  ): Promise<{ readonly response: Response; readonly failure: unknown }>;
  /** Returns an upload of which all bytes are here; undefined for one that is not here, or not whole. */
  whole(id: string): Promise<WholeUpload | undefined>;
}

/**
 * Returns a server of the tus protocol 1.0 (https://tus.io/protocols/resumable-upload) with the extensions
 * creation, creation-with-upload, creation-defer-length, termination and expiration. An upload is known to
 * whoever began it, and is not there for anybody else.
 */
export function createTusServer({ path, parts, mostBytes, check, ...whole }: TusTerms): TusServer {
  const sent = new WeakMap<Request, HttpRequest>();
  const failures = new WeakMap<Request, unknown>();
  const sentAs = (req: Request): HttpRequest => {
    const known = sent.get(req);
    if (known === undefined) throw new Error('a request that nobody has sent');
    return known;
  };
  const senderOf = (req: Request): Caller => callerOf(sentAs(req));
  const own = async <T>(req: Request, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failures.set(req, error);
      throw error;
    }
  };
  const store = new UploadStore(parts, whole.taken);
  const server = new Server({
    path,
    datastore: store,
    relativeLocation: true,
    allowedOrigins: [],
    namingFunction: (req) => `${tagOf(senderOf(req))}${randomBytes(16).toString('hex')}`,
    getFileIdFromRequest: (req, last) => (isOwn(last, senderOf(req)) ? last : undefined),
    maxSize: (req) => mostBytes(senderOf(req)),
    onUploadCreate: (req, upload) =>
      own(req, async () => {
        if ((await parts.count(tagOf(senderOf(req)))) >= MOST_OF_CALLER) {
          const text = `you have ${MOST_OF_CALLER} uploads here; end some, or wait until they expire`;
          throw new ArchiveError('busy', text, { retryable: true });
        }
        await check(saidOf(upload));
        return {};
      }),
    onUploadFinish: (req, upload) =>
      own(req, async () => {
        const { id, offset: size } = upload;
        if (isTogether(upload)) return {};
        const body = await whole.take({ id, size, said: saidOf(upload) }, sentAs(req));
        const headers = { 'Content-Type': 'application/json' };
        // An upload that comes whole as it is created has to be told its address, by 201.
        return req.method === 'POST' ? { headers, body } : { status_code: 200, headers, body };
      }),
  });
  return {
    async answer(req, body) {
      const request = requestOf(req, body);
      sent.set(request, req);
      const response = await server.handleWeb(request);
      return { response, failure: failures.get(request) };
    },
    async whole(id) {
      const upload = await store.getUpload(id).catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      });
      if (upload === undefined || upload.size !== upload.offset) return undefined;
      return { id, size: upload.offset, said: saidOf(upload) };
    },
  };
}

/** Keeps uploads where the rest of what is known of them lies. */
class UploadStore extends FileStore {
  readonly #parts: PartsFolder;
  readonly #taken: TusTerms['taken'];

  constructor(parts: PartsFolder, taken: TusTerms['taken']) {
    super({ directory: parts.path, expirationPeriodInMilliseconds: parts.keptMs });
    this.#parts = parts;
    this.#taken = taken;
  }

  /** One that came whole as it was created is taken in by the time that it is asked for. */
  override async getUpload(id: string): Promise<Upload> {
    const outcome = await this.#parts.outcomeOf(id);
    if (outcome === undefined) return super.getUpload(id);
    return new Upload({ id, size: outcome.size, offset: outcome.size });
  }

  /** Waits for one that is being taken in, so that nothing is written of what has been removed. */
  override async remove(id: string): Promise<void> {
    await this.getUpload(id);
    await this.#taken(id);
    await this.#parts.remove(id);
  }
}

/** Returns a request as the library reads it. */
function requestOf(req: HttpRequest, body: AsyncIterable<Uint8Array> | undefined): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  return new Request(`http://${req.headers.host}${req.url}`, {
    method: req.method,
    headers,
    ...(body === undefined ? {} : { body: ReadableStream.from(body), duplex: 'half' }),
  });
}

/** Says whether an upload is this caller's, and its name one that was given here. */
export function isOwn(id: string | undefined, caller: Caller): id is string {
  return id !== undefined && /^[0-9a-f]{48}$/.test(id) && id.startsWith(tagOf(caller));
}

function isTogether({ metadata }: Upload): boolean {
  return metadata?.[TOGETHER] === 'true';
}

/** How the library says that there is no such upload. */
function isAbsent(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'status_code' in error
    ? error.status_code === 404
    : false;
}

/** @throws {ArchiveError} `input_invalid` naming the key. */
function saidOf(upload: Upload): SaidOfUpload {
  const { metadata = {} } = upload;
  const { filename } = metadata;
  const said = Object.entries(metadata).filter(
    ([key]) => !(OF_CLIENTS.has(key) || (key === TOGETHER && isTogether(upload))),
  );
  return read(uploadEndpoint.query, {
    ...(filename == null ? {} : { name: filename }),
    ...Object.fromEntries(said),
  });
}
