import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';

/** What an answer holds. `schema` is left out where it is bytes or text. */
export interface Answer {
  readonly description: string;
  readonly type: string;
  readonly schema?: z.ZodType;
  /** Those that say that it went well: 200 unless told otherwise. */
  readonly statuses?: readonly number[];
}

/** One thing that can be asked for over HTTP: what validates a request also describes it. */
export interface Endpoint {
  /** `operationId` of the description. */
  readonly id: string;
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/api/v1/assets/{asset}`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Request headers that matter, in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: { readonly type: string; readonly schema?: z.ZodType };
  readonly answer: Answer;
  /** It changes something, and is done once for each `Idempotency-Key`. */
  readonly isKeyed?: boolean;
  /** An answer has an `ETag` and obeys `If-None-Match`. */
  readonly isConditional?: boolean;
  /** A URL can be signed for it (`signed-url.ts`). */
  readonly isSignable?: boolean;
}

/** Returns the path as express matches it. */
export function routeOf({ path }: Endpoint): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Reads a part of a request. @throws {ArchiveError} `input_invalid` naming the field. */
export function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new ArchiveError('input_invalid', z.prettifyError(found.error).replaceAll('\n', ' '));
}
