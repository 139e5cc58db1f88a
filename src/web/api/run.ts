import { type Problem, Refusal } from './client.ts';
import { partsIn } from './event-stream.ts';
import { signedFetch } from './identity.ts';

/** How far an operation is; parts that are not known are left out. */
interface Progress {
  readonly files?: number;
  readonly expectedFiles?: number;
  readonly bytes?: number;
  readonly expectedBytes?: number;
}

type Line<Item, Result> =
  | { readonly event: 'progress'; readonly what: string; readonly done: Progress }
  | { readonly event: 'notice'; readonly text: string }
  | { readonly event: 'item'; readonly item: Item }
  | { readonly event: 'result'; readonly result: Result }
  | { readonly event: 'error'; readonly code: string; readonly message: string };

interface Telling<Item> {
  /** Awaited before the next is read. */
  readonly item?: (item: Item) => void | Promise<void>;
  readonly progress?: (what: string, done: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Has the node do an operation, and tells what it says meanwhile. It stops when the connection ends.
 * Throws a {@link Refusal}, or a `TypeError` where the node goes away.
 */
export async function run<Item, Result>(
  name: string,
  input: unknown,
  { item, progress, signal }: Telling<Item>,
): Promise<Result> {
  const request = new Request(`/api/v1/operations/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(input),
    ...(signal === undefined ? {} : { signal }),
  });
  return await follow(request, { ...(item && { item }), ...(progress && { progress }) });
}

/** Follows what a node streams as it does what a request asks for. As {@link run}. */
export async function follow<Item, Result>(
  request: Request,
  { item, progress }: Omit<Telling<Item>, 'signal'>,
): Promise<Result> {
  const response = await signedFetch(request);
  if (!response.ok || response.body === null) {
    throw new Refusal(response.status, (await response.json().catch(() => ({}))) as Problem);
  }
  for await (const text of partsIn(response.body, '\n')) {
    const line = JSON.parse(text) as Line<Item, Result>;
    if (line.event === 'item') await item?.(line.item);
    else if (line.event === 'progress') progress?.(line.what, line.done);
    else if (line.event === 'result') return line.result;
    else if (line.event === 'error') throw new Refusal(500, { ...line, detail: line.message });
  }
  throw new TypeError('the node went away before the end');
}
