import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveEvent, EventData, EventName } from '../../src/archive/events/event.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { signedFetch } from '../support/signed-fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FILES_ALONE } from '../support/trial-node.ts';

/** As the owner. */
let fetch: typeof globalThis.fetch;
const temporary = temporaryFolder();
const home = join(temporary.path, 'home');
let node: RunningNode;
let poem: string;

beforeAll(async () => {
  await foundArchive(home, { name: 'Poems', institution: 'House' });
  node = await openNode(home, { log() {} });
  const offered = join(temporary.path, 'offered');
  await mkdir(offered);
  await writeFile(join(offered, 'a.txt'), 'a poem');
  const rows = 'path,title,creator,licence,digital_source_type\na.txt,A,Ann,CC0-1.0,print\n';
  const catalogue = join(temporary.path, 'rows.csv');
  await writeFile(catalogue, rows);
  await perform('ingest', {
    ...FILES_ALONE,
    paths: [offered],
    catalogue: { path: catalogue },
    custody: true,
  });
  fetch = await signedFetch(home);
  const page = await fetch(`${node.url}/api/v1/assets`);
  // The listing's own tests look at its form.
  poem = ((await page.json()) as { assets: { cid: string }[] }).assets[0]?.cid ?? '';
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

function perform(name: string, input: unknown): Promise<unknown> {
  return askNode(home, name, input, {
    signal: new AbortController().signal,
    progress() {},
    notice() {},
    async item() {},
  });
}

/** Somebody who is told of events. */
class Listener implements AsyncDisposable {
  readonly events: ArchiveEvent[] = [];
  lastId: string | undefined;
  readonly #ended = new AbortController();
  #reading: Promise<void> | undefined;

  async begin(query = '', headers: Record<string, string> = {}): Promise<this> {
    const url = `${node.url}/api/v1/events${query}`;
    const response = await fetch(url, { headers, signal: this.#ended.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    this.#reading = this.#read(response).catch(() => undefined);
    return this;
  }

  /** Resolves with the first event of this name that fits. */
  async until<Name extends EventName>(
    name: Name,
    fits: (data: EventData<Name>) => boolean = () => true,
  ): Promise<void> {
    await expect.poll(() => this.of(name).some(fits), { timeout: 20_000 }).toBe(true);
  }

  of<Name extends EventName>(name: Name): EventData<Name>[] {
    // An event's data is that of its name.
    return this.events
      .filter((event) => event.name === name)
      .map(({ data }) => data as EventData<Name>);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#reading;
  }

  async #read({ body }: Response): Promise<void> {
    let text = '';
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) this.#take(frame);
    }
  }

  #take(frame: string): void {
    const fields = new Map(
      frame.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]),
    );
    const id = fields.get('id');
    if (id !== undefined) this.lastId = id;
    const name = fields.get('event');
    if (name === undefined) return;
    const data = JSON.parse(fields.get('data') ?? '');
    this.events.push({ name, data } as ArchiveEvent);
  }
}

function dispute(reason: string): Promise<unknown> {
  return perform('stop', {
    words: { kind: 'dispute', reason, by: 'member', against: [] },
    subject: { assets: [poem] },
  });
}

/** Beside what a test says, the node records that it has read what lies there, whenever it has. */
function isDispute({ statements }: EventData<'statements'>): boolean {
  return statements.some(({ kind }) => kind === 'dispute');
}

function disputes(listener: Listener): readonly EventData<'statements'>[] {
  return listener.of('statements').filter(isDispute);
}

describe('events', () => {
  it('tell of statements, of the verdicts that they change, and where to go on', async () => {
    await using listener = await new Listener().begin();
    await dispute('origin');
    await listener.until('verdict');
    expect(listener.of('verdict')).toEqual([
      expect.objectContaining({ asset: poem, before: 'eligible', after: 'hold' }),
    ]);
    const [told] = disputes(listener);
    expect(told?.statements).toEqual([expect.objectContaining({ kind: 'dispute', asset: poem })]);
    await expect.poll(() => Number(listener.lastId)).toBeGreaterThanOrEqual(told?.arrival ?? NaN);
  });

  it('are told to whoever comes back, from where he was, and not before', async () => {
    await using first = await new Listener().begin('?types=statements');
    await dispute('rights');
    await first.until('statements', isDispute);
    const [told] = disputes(first);
    await expect.poll(() => Number(first.lastId)).toBeGreaterThanOrEqual(told?.arrival ?? NaN);
    await first[Symbol.asyncDispose]();
    await dispute('likeness');
    const headers = { 'Last-Event-ID': String(first.lastId) };
    await using second = await new Listener().begin('', headers);
    await second.until('statements', isDispute);
    expect(disputes(second)).toHaveLength(1);
    expect(disputes(second)[0]?.arrival).toBeGreaterThan(Number(first.lastId));
  });

  it('go back to the first entry, with every verdict that was reached since', async () => {
    await using listener = await new Listener().begin('?since=0');
    await listener.until('verdict', ({ after }) => after === 'eligible');
    const kinds = listener.of('statements').flatMap(({ statements }) => statements);
    expect(kinds.map(({ kind }) => kind)).toContain('deposit');
    expect(listener.of('recheck')).toEqual([]);
  });

  it('say that a ledger is another than the one an id is of', async () => {
    await using listener = await new Listener().begin('?since=1000000');
    await listener.until('recheck');
  });

  it('tell how far work is, that it has ended, and that the catalog was made anew', async () => {
    await using listener = await new Listener().begin('?types=progress,recheck');
    await perform('reindex', {});
    await listener.until('progress', ({ name, ended }) => name === 'reindex' && ended);
    await listener.until('recheck');
    await dispute('credit');
    expect(listener.of('statements')).toEqual([]);
  });

  it('of unknown names or with an id that is no number are refused', async () => {
    for (const [query, id, named] of [
      ['?types=everything', '', 'types'],
      ['?since=-1', '', 'since'],
      ['', 'x', 'Last-Event-ID'],
    ] as const) {
      const headers = id === '' ? {} : { 'Last-Event-ID': id };
      const response = await fetch(`${node.url}/api/v1/events${query}`, { headers });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 'input_invalid',
        detail: expect.stringContaining(named),
      });
    }
  });
});
