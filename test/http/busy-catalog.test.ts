import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from 'node:worker_threads';
import express from 'express';
import { expect, it } from 'vitest';
import { problemHandler } from '../../src/http/send-problem.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';

/** As many as wait, and the one that is answered. */
const MOST = 65;

/** Has what is asked of a catalog answered over HTTP. */
async function serve(answer: () => Promise<unknown>) {
  const app = express()
    .get('/', async (_req, res) => {
      res.send(await answer());
    })
    .use(problemHandler(() => {}));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ask: () => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    [Symbol.dispose]: () => void server.close(),
  };
}

async function fixtureOfOne() {
  const fixture = catalogFixture({ threadFrom: 0 });
  const filename = 'sheet.png';
  await fixture.say([
    say.naming('prints'),
    say.findings(say.assetOf(0), { mediaType: 'image/png' }),
    say.deposit(say.assetOf(0), { title: 'Sheet', makers: ['Ada'], filename, earliest: '' }),
  ]);
  return fixture;
}

async function expectComeBack(refused: Response): Promise<void> {
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ code: 'busy', retryable: true });
}

it('whoever asks what looks at the whole archive while too many wait is told when to come back', async () => {
  await using fixture = await fixtureOfOne();
  const { catalog } = fixture;
  let crowd: Promise<unknown> = Promise.resolve();
  using served = await serve(() => {
    crowd = Promise.all(Array.from({ length: MOST }, () => catalog.facets({}, ELIGIBLE)));
    return catalog.facets({}, ELIGIBLE);
  });
  await expectComeBack(await served.ask());
  await crowd;
});

it('so is whoever asked it of a thread that died, and is answered by the next', async () => {
  await using fixture = await fixtureOfOne();
  using served = await serve(() => fixture.catalog.facets({}, ELIGIBLE));
  // What it is told is no message: it dies of that, before it reads the question.
  process.once('worker', (thread: Worker) => thread.postMessage(null));
  await expectComeBack(await served.ask());
  expect(await (await served.ask()).json()).toMatchObject({ assets: 1 });
});
