import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { limitAnswers } from '../../../src/http/connections/limit-answers.ts';
import { problemHandler } from '../../../src/http/send-problem.ts';

it('what is too much at a time is refused, and the next is answered when there is room', async () => {
  const begun: (() => void)[] = [];
  const app = express()
    .use(limitAnswers(2))
    .get('/', (_req, res) => void begun.push(() => res.send('here')))
    .use(problemHandler(() => {}));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const first = [fetch(url), fetch(url)];
  await expect.poll(() => begun.length).toBe(2);
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ code: 'busy', retryable: true });
  for (const answer of begun) answer();
  for (const asked of first) expect(await (await asked).text()).toBe('here');
  const next = fetch(url);
  await expect.poll(() => begun.length).toBe(3);
  begun[2]?.();
  expect(await (await next).text()).toBe('here');
  server.close();
});
