import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { AssetFilter } from '../../../src/core/ports/asset-lists.ts';
import * as say from '../../support/asset-statements.ts';
import { type CatalogFixture, catalogFixture, ELIGIBLE } from '../../support/catalog-fixture.ts';

/** More than wait at once, and the one that is being answered. */
const MOST = 65;

/** Two conditions, neither of which is rare: not to be counted at once. */
const BLUE: AssetFilter = { text: 'sheet blue', verdict: ELIGIBLE, media: 'image/png' };

const { is: _is, ...ASKED } = ELIGIBLE;

function sheet(i: number): readonly say.Said[] {
  return [
    say.findings(say.assetOf(i), { mediaType: i % 3 === 0 ? 'image/jpeg' : 'image/png' }),
    say.deposit(say.assetOf(i), {
      title: `Sheet ${i} ${i % 2 === 0 ? 'blue' : 'red'}`,
      makers: [`Ada ${i % 7}`],
      filename: `${i}.png`,
      earliest: '',
    }),
  ];
}

async function sheets(count: number, fixture: CatalogFixture): Promise<CatalogFixture> {
  await fixture.say([
    say.naming('prints'),
    ...Array.from({ length: count }, (_, i) => sheet(i)).flat(),
  ]);
  return fixture;
}

const threaded = () => catalogFixture({ threadFrom: 0 });

/** Resolves with the next thread that is started. */
async function nextThread(): Promise<Worker> {
  const [worker]: Worker[] = await once(process, 'worker');
  if (worker === undefined) throw new Error('no thread was started');
  return worker;
}

/** Has a thread die of an error of its own: what it is told is no message. */
async function breakDown(thread: Worker): Promise<void> {
  const died = new Promise((resolve) => thread.on('exit', resolve));
  thread.postMessage(null);
  await died;
}

describe('a thread for long questions', () => {
  it('answers what is answered on the spot', async () => {
    await using here = await sheets(40, catalogFixture());
    await using there = await sheets(40, threaded());
    for (const filter of [{}, BLUE, { text: 'red' }, { maker: 'Ada 3' }, { text: 'nobody' }]) {
      const said = await Promise.all(
        [here, there].map(async ({ catalog }) => ({
          facets: await catalog.facets(filter, ASKED),
          after: await catalog.cursorAfter(filter, 3),
          count: await catalog.count(filter),
        })),
      );
      expect(said[1]).toEqual(said[0]);
    }
    expect((await there.catalog.facets({}, ASKED)).assets).toBe(40);
  });

  it('knows of all that was said before the question, also where the file was made anew', async () => {
    await using fixture = await sheets(4, threaded());
    const { catalog } = fixture;
    const found = async () => (await catalog.facets({}, ASKED)).assets;
    expect(await found()).toBe(4);
    await fixture.say(sheet(10));
    expect(await found()).toBe(5);
    await catalog.rebuild();
    await fixture.say(sheet(11));
    expect(await found()).toBe(6);
  });

  it('refuses by code what it cannot take', async () => {
    await using fixture = await sheets(4, threaded());
    const asked = { ...ASKED, policy: 'nobody’s' };
    await expect(fixture.catalog.facets({}, asked)).rejects.toMatchObject({
      code: 'policy_unknown',
    });
    await expect(fixture.catalog.facets({ text: 'x'.repeat(10_001) }, ASKED)).rejects.toMatchObject(
      { code: 'usage_invalid' },
    );
  });

  it('lets small questions be answered while a long one is', async () => {
    await using fixture = await sheets(40, threaded());
    const { catalog } = fixture;
    const order: string[] = [];
    // Each is sent when the one before has come back, so what is done in the first turn is done long before the last.
    const long = Promise.all(Array.from({ length: MOST }, () => catalog.facets({}, ASKED)));
    const told = long.then(() => order.push('long'));
    await new Promise(setImmediate);
    order.push(`${catalog.list({}, { limit: 2 }).assets.length} listed`);
    await told;
    expect(order).toEqual(['2 listed', 'long']);
  });

  it('has so many wait and no more, and forgets those whose asker is gone', async () => {
    await using fixture = await sheets(4, threaded());
    const gone = new AbortController();
    const ask = (signal?: AbortSignal) =>
      fixture.catalog.facets({}, ASKED, signal === undefined ? {} : { signal });
    const asked = Array.from({ length: MOST - 1 }, () => ask());
    const left = ask(gone.signal);
    await expect(ask()).rejects.toMatchObject({ code: 'busy', retryable: true });
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    const another = ask();
    await expect(ask()).rejects.toMatchObject({ code: 'busy' });
    for (const answer of [...asked, another]) expect((await answer).assets).toBe(4);
    expect((await ask()).assets).toBe(4);
  });

  it('is stopped in the middle of what nobody waits for', async () => {
    await using fixture = await sheets(40, threaded());
    const gone = new AbortController();
    const left = fixture.catalog.facets({}, ASKED, { signal: gone.signal });
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    expect((await fixture.catalog.facets({}, ASKED)).assets).toBe(40);
  });

  it('is started anew when it ends by itself; only the question that it was at is lost', async () => {
    const notices: string[] = [];
    await using fixture = await sheets(
      4,
      catalogFixture({ threadFrom: 0, onNotice: (text) => notices.push(text) }),
    );
    const thread = nextThread();
    const lost = fixture.catalog.facets({}, ASKED);
    const next = fixture.catalog.facets({}, ASKED);
    const isLost = expect(lost).rejects.toMatchObject({ code: 'busy', retryable: true });
    await breakDown(await thread);
    await isLost;
    expect((await next).assets).toBe(4);
    expect(notices).toEqual([expect.stringMatching(/ended \(TypeError: .*starts another$/)]);
  });

  it('ends with the catalog, whoever waits', async () => {
    const fixture = await sheets(4, threaded());
    const thread = nextThread();
    const asked = Array.from({ length: 3 }, () => fixture.catalog.facets({}, ASKED));
    const all = Promise.allSettled(asked);
    const ended = once(await thread, 'exit');
    await fixture[Symbol.asyncDispose]();
    await ended;
    for (const one of await all) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'aborted' } });
    }
  });
});
