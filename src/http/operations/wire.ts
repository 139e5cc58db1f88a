import { z } from 'zod';
import type { Progress, Telling } from '../../archive/operations/operation.ts';
import { ERROR_CODES } from '../../core/errors.ts';

const count = z.number().optional();

/** What the node says while it runs an operation, one JSON object a line; `result` or `error` is the last. */
const event = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('progress'),
    what: z.string(),
    done: z.object({
      files: count,
      expectedFiles: count,
      bytes: count,
      expectedBytes: count,
    }) satisfies z.ZodType<Progress>,
  }),
  z.object({ event: z.literal('notice'), text: z.string() }),
  z.object({ event: z.literal('item'), item: z.unknown() }),
  z.object({ event: z.literal('result'), result: z.unknown() }),
  z.object({
    event: z.literal('error'),
    code: z.enum(ERROR_CODES),
    message: z.string(),
    retryable: z.boolean(),
  }),
]);

export type OperationEvent = z.output<typeof event>;

export const EVENTS_TYPE = 'application/x-ndjson';

/** Progress travels this often at most. */
const PROGRESS_MS = 100;

/**
 * Returns a telling that sends what it is told. `send` resolves when there is room for more
 * and never fails; while there is none, progress is left out.
 */
export function sentTelling(
  signal: AbortSignal,
  send: (event: OperationEvent) => Promise<void>,
): Telling {
  let sentAt = Number.NEGATIVE_INFINITY;
  let isUnderWay = false;
  return {
    signal,
    progress(what, done) {
      const now = performance.now();
      if (isUnderWay || now - sentAt < PROGRESS_MS) return;
      sentAt = now;
      isUnderWay = true;
      void send({ event: 'progress', what, done }).then(() => {
        isUnderWay = false;
      });
    },
    notice: (text) => void send({ event: 'notice', text }),
    item: (item) => send({ event: 'item', item }),
  };
}

/** Yields the events in a stream of bytes. @throws if a line is none. */
export async function* readEvents(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<OperationEvent> {
  for await (const line of linesOf(stream)) yield event.parse(JSON.parse(line));
}

/** A JSON text may hold every line break there is but the one of bytes 0x0a. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
}
