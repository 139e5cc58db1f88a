import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { reservationFields } from '../../src/core/reservations/header-fields.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('what a node tells crawlers of itself', () => {
  const temporary = temporaryFolder();
  let node: RunningNode;
  beforeAll(async () => {
    const home = join(temporary.path, 'home');
    await foundArchive(home, { name: 'Poems' });
    node = await openNode(home, { log() {} });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('reserves every use in robots.txt, in the words of its headers', async () => {
    const answer = await fetch(`${node.url}/robots.txt`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const lines = (await answer.text()).split('\n');
    const reserved = reservationFields(new Set());
    expect(lines).toEqual([
      'User-Agent: *',
      `Content-Usage: ${reserved['Content-Usage']}`,
      `Content-Signal: ${reserved['Content-Signal']}`,
      'Disallow: /',
      '',
    ]);
    expect(lines.join()).not.toMatch(/=y/);
  });

  it('reserves every path in tdmrep.json', async () => {
    const answer = await fetch(`${node.url}/.well-known/tdmrep.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual([{ location: '/*', 'tdm-reservation': 1 }]);
  });
});
