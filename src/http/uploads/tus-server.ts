import { randomBytes } from 'node:crypto';
import { FileStore } from '@tus/file-store';
import { Server, type Upload } from '@tus/server';
import type { Request as HttpRequest } from 'express';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { tagOf } from '../caller-tag.ts';
import { read } from '../contract/endpoint.ts';
import { type SaidOfUpload, uploadEndpoint } from '../contract/upload-endpoints.ts';
import type { PartsFolder } from './parts-folder.ts';
import type { WholeUpload } from './taking-whole.ts';

/** Uploads of one caller that are under way or have ended not long ago. */
const MOST_OF_CALLER = 256;

/** What clients say of a file on their own account. */
const OF_CLIENTS: ReadonlySet<string> = new Set(['filename', 'filetype', 'type', 'relativePath']);

interface TusTerms {
  readonly path: string;
  readonly parts: PartsFolder;
  mostBytes(caller: Caller): number;
  /** Looks at what is said of a file that is to come. */
  check(said: SaidOfUpload): Promise<void>;
  /** Takes in what has come whole, and returns the body that answers for it. */
  take(upload: WholeUpload): Promise<string>;
}

export interface TusServer {
  /** Answers a request; `failure` is what our own part of it threw, if it did. */
  answer(
    caller: Caller,
    req: HttpRequest,
    body: AsyncIterable<Uint8Array> | undefined,
  ): Promise<{ readonly response: Response; readonly failure: unknown }>;
}

/**
 * Returns a server of the tus protocol 1.0 (https://tus.io/protocols/resumable-upload) with the extensions
 * creation, creation-with-upload, creation-defer-length, termination and expiration. An upload is known to
 * whoever began it, and is not there for anybody else.
 */
export function createTusServer({ path, parts, mostBytes, check, take }: TusTerms): TusServer {
  const callers = new WeakMap<Request, Caller>();
  const failures = new WeakMap<Request, unknown>();
  const callerOf = (req: Request): Caller => callers.get(req) ?? { kind: 'anonymous' };
  const own = async <T>(req: Request, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failures.set(req, error);
      throw error;
    }
  };
  const server = new Server({
    path,
    datastore: new FileStore({
      directory: parts.path,
      expirationPeriodInMilliseconds: parts.keptMs,
    }),
    relativeLocation: true,
    allowedOrigins: [],
    namingFunction: (req) => `${tagOf(callerOf(req))}${randomBytes(16).toString('hex')}`,
    getFileIdFromRequest: (req, last) => (isOwn(last, callerOf(req)) ? last : undefined),
    maxSize: (req) => mostBytes(callerOf(req)),
    onUploadCreate: (req, upload) =>
      own(req, async () => {
        if ((await parts.count(tagOf(callerOf(req)))) >= MOST_OF_CALLER) {
          const text = `you have ${MOST_OF_CALLER} uploads here; end some, or wait until they expire`;
          throw new ArchiveError('busy', text, { retryable: true });
        }
        await check(saidOf(upload));
        return {};
      }),
    onUploadFinish: (req, upload) =>
      own(req, async () => {
        const { id, offset: size } = upload;
        const body = await take({ id, size, said: saidOf(upload) });
        const headers = { 'Content-Type': 'application/json' };
        // An upload that comes whole as it is created has to be told its address, by 201.
        return req.method === 'POST' ? { headers, body } : { status_code: 200, headers, body };
      }),
  });
  return {
    async answer(caller, req, body) {
      const request = requestOf(req, body);
      callers.set(request, caller);
      const response = await server.handleWeb(request);
      return { response, failure: failures.get(request) };
    },
  };
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
function isOwn(id: string | undefined, caller: Caller): boolean {
  return id !== undefined && /^[0-9a-f]{48}$/.test(id) && id.startsWith(tagOf(caller));
}

/** @throws {ArchiveError} `input_invalid` naming the key. */
function saidOf({ metadata = {} }: Upload): SaidOfUpload {
  const { filename } = metadata;
  const said = Object.entries(metadata).filter(([key]) => !OF_CLIENTS.has(key));
  return read(uploadEndpoint.query, {
    ...(filename == null ? {} : { name: filename }),
    ...Object.fromEntries(said),
  });
}
