import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webRoutes } from '../../src/http/web-routes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const temporary = temporaryFolder();
const built = join(temporary.path, 'built');
const server = createServer(express().use(webRoutes(built)));
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  temporary[Symbol.dispose]();
});

describe('the pages of a node', () => {
  it('are told to be missing until they are built, and are there then without a new start', async () => {
    const missing = await fetch(`${url}/`);
    expect([missing.status, await missing.text()]).toEqual([
      503,
      expect.stringContaining('npm run build'),
    ]);
    mkdirSync(join(built, 'web'), { recursive: true });
    writeFileSync(join(built, 'index.html'), '<p>the page');
    writeFileSync(join(built, 'web', 'index-0123abcd.js'), '');
    for (const path of ['/', '/sign-in', '/assets/bafkqabdqn5sw2']) {
      const page = await fetch(url + path);
      expect([page.status, await page.text()]).toEqual([200, '<p>the page']);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('run their own scripts alone, which are kept for good', async () => {
    const script = await fetch(`${url}/web/index-0123abcd.js`);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const answer of [script, await fetch(`${url}/`)]) {
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).not.toContain('unsafe');
    }
  });

  it('are in nobody’s way', async () => {
    for (const path of ['/api/v1/assets', '/ipfs/a', '/d/a/1/b', '/docs', '/web/', '/web/../a']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
    }
  });
});
