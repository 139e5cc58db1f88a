import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { EVENT_NAMES, type EventName } from '../archive/events/event.ts';
import type { EventHub, Told } from '../archive/events/event-hub.ts';
import { ArchiveError } from '../core/errors.ts';
import { written } from './written.ts';

/** Readers at once; each reads the ledger for itself. */
const MOST_READERS = 64;
/** Something is said so often, so that neither side takes the line for dead. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;

const arrival = z.string().regex(/^\d{1,15}$/, 'must be an arrival number');
const names = z.string().transform((text) => text.split(','));
const asked = z.strictObject({
  /** As `Last-Event-ID`, for whoever cannot send a header. */
  since: arrival.exactOptional(),
  /** Names of events with commas between them; all without it. */
  types: names.pipe(z.array(z.enum(EVENT_NAMES))).exactOptional(),
});

/**
 * Server-sent events (HTML Living Standard §9.2) until the client goes. Their ids are arrival numbers:
 * a client that comes back with `Last-Event-ID` is told what it has missed. Whoever loses the right is told
 * nothing more.
 */
export function eventsRoute(
  events: Pick<EventHub, 'read' | 'readers'>,
  mayRead: (req: Request) => boolean,
): RequestHandler {
  return async (req, res) => {
    const { since, types } = readAsked(req);
    if (events.readers >= MOST_READERS) {
      const text = `${MOST_READERS} others are told of events already; come back later`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    res.status(200).set({
      'Cache-Control': 'no-store',
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    });
    // Nothing is awaited between the look at who is reading and the reading, so the limit is kept.
    res.write(`retry: ${RETRY_MS}\n\n`);
    const beating = setInterval(() => {
      if (mayRead(req)) void written(res, ': still here\n\n');
      else gone.abort();
    }, HEARTBEAT_MS);
    try {
      for await (const told of events.read({ since, signal: gone.signal })) {
        if (!mayRead(req)) break;
        const frame = frameOf(told, types);
        if (frame !== undefined) await written(res, frame);
      }
    } finally {
      clearInterval(beating);
      res.end();
    }
  };
}

/** An `id` without data is no event, but is remembered by the client. */
function frameOf(told: Told, types: readonly EventName[] | undefined): string | undefined {
  if ('upTo' in told) return `id: ${told.upTo}\n\n`;
  const { name, data } = told.event;
  if (types !== undefined && !types.includes(name)) return undefined;
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** @throws {ArchiveError} `input_invalid` naming the parameter or header. */
function readAsked(req: Request): { since: number | undefined; types: EventName[] | undefined } {
  const query = asked.safeParse(req.query);
  if (!query.success) throw invalid(query.error);
  const header = arrival.optional().safeParse(req.get('Last-Event-ID') || undefined);
  if (!header.success) throw invalid(header.error, 'Last-Event-ID: ');
  const since = header.data ?? query.data.since;
  return { since: since === undefined ? undefined : Number(since), types: query.data.types };
}

function invalid(error: z.ZodError, where = ''): ArchiveError {
  const text = `${where}${z.prettifyError(error).replaceAll('\n', ' ')}`;
  return new ArchiveError('input_invalid', text);
}
