import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { problemHandler } from '../../src/http/send-problem.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture, ELIGIBLE } from '../support/catalog-fixture.ts';

/** As many as wait, and the one that is answered. */
const MOST = 65;

it('whoever asks what looks at the whole archive while too many wait is told when to come back', async () => {
  await using fixture = catalogFixture({ threadFrom: 0 });
  const { catalog } = fixture;
  await fixture.say([say.findings(say.assetOf(0), { mediaType: 'image/png' })]);
  let crowd: Promise<unknown> = Promise.resolve();
  const app = express()
    .get('/', async (_req, res) => {
      crowd = Promise.all(Array.from({ length: MOST }, () => catalog.facets({}, ELIGIBLE)));
      res.send(await catalog.facets({}, ELIGIBLE));
    })
    .use(problemHandler(() => {}));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const refused = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ code: 'busy', retryable: true });
  await crowd;
  server.close();
});
