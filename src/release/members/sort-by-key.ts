import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** Items held in memory before they are sorted and written out: some 12 MB of release members. */
const RUN_ITEMS = 8_192;

/** Bytes read or written at once. */
const CHUNK_BYTES = 65_536;

const NEWLINE = 0x0a;

/** Sorts any number of items with the memory of a few: an external merge sort. */
export interface KeySorter<T> extends AsyncDisposable {
  /** Takes an item in. Keys are ASCII text without tabs and newlines. */
  add(key: string, item: T): Promise<void>;
  /** Yields all items with their keys in the order of the keys, once; equal keys in any order. */
  sorted(): AsyncIterable<readonly [key: string, item: T]>;
}

type Entry<T> = readonly [key: string, item: T];

/**
 * Begins to sort. Up to `runItems` items stay in memory; beyond that, sorted runs go to a file in
 * `folder`, one line of JSON each, and are merged from there. The file is unlinked as soon as it is
 * open, so a killed process leaves no titles and names behind.
 */
export function openKeySorter<T>(folder: string, runItems = RUN_ITEMS): KeySorter<T> {
  let run: Entry<T>[] = [];
  let spool: Spool | undefined;
  const runs: { readonly start: number; readonly end: number }[] = [];

  async function spill(): Promise<void> {
    run.sort(byKey);
    spool ??= await openSpool(folder);
    runs.push(await spool.append(run));
    run = [];
  }

  return {
    async add(key, item) {
      run.push([key, item]);
      if (run.length >= runItems) await spill();
    },

    async *sorted() {
      run.sort(byKey);
      const last = run;
      run = [];
      const sources = runs.map(({ start, end }) => spool?.read<T>(start, end) ?? []);
      yield* merge<T>([...sources, last]);
    },

    async [Symbol.asyncDispose]() {
      await spool?.[Symbol.asyncDispose]();
    },
  };
}

async function* merge<T>(
  sources: readonly (Iterable<Entry<T>> | AsyncIterable<Entry<T>>)[],
): AsyncIterable<Entry<T>> {
  /** The next entry of each source that has one, smallest key last. */
  const heads: { readonly entry: Entry<T>; readonly rest: AsyncIterator<Entry<T>> }[] = [];

  async function advance(rest: AsyncIterator<Entry<T>>): Promise<void> {
    const next = await rest.next();
    if (next.done === true) return;
    let low = 0;
    for (let high = heads.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((heads[middle]?.entry[0] ?? '') > next.value[0]) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, { entry: next.value, rest });
  }

  for (const source of sources) await advance(iterate(source));
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    yield head.entry;
    await advance(head.rest);
  }
}

async function* iterate<T>(source: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* source;
}

interface Spool extends AsyncDisposable {
  append(entries: readonly Entry<unknown>[]): Promise<{ start: number; end: number }>;
  read<T>(start: number, end: number): AsyncIterable<Entry<T>>;
}

async function openSpool(folder: string): Promise<Spool> {
  const path = join(folder, `release-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  let end = 0;
  return {
    async append(entries) {
      const start = end;
      let text = '';
      for (const [key, item] of entries) {
        text += `${key}\t${JSON.stringify(item)}\n`;
        if (text.length < CHUNK_BYTES) continue;
        end += await writeAll(file, text, end);
        text = '';
      }
      end += await writeAll(file, text, end);
      return { start, end };
    },

    async *read<T>(from: number, to: number) {
      for await (const line of lines(file, from, to)) {
        const tab = line.indexOf('\t');
        // Written by append above, in this process, to a file that nobody else can open.
        yield [line.slice(0, tab), JSON.parse(line.slice(tab + 1)) as T] as const;
      }
    },

    async [Symbol.asyncDispose]() {
      await file.close();
    },
  };
}

async function writeAll(file: FileHandle, text: string, position: number): Promise<number> {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
  await setImmediate();
  return bytes.length;
}

async function* lines(file: FileHandle, start: number, end: number): AsyncIterable<string> {
  let carry = Buffer.alloc(0);
  for (let at = start; at < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new RangeError(`the run ends at ${at}, before ${end}`);
    at += bytesRead;
    const bytes = Buffer.concat([carry, chunk.subarray(0, bytesRead)]);
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    carry = bytes.subarray(last);
    if (last > 0) yield* bytes.toString('utf8', 0, last - 1).split('\n');
  }
}

function byKey(a: Entry<unknown>, b: Entry<unknown>): number {
  return a[0] < b[0] ? -1 : 1;
}
