import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

const web = new URL('../../src/web/', import.meta.url).pathname;
/** Rooms whose rules hold on every page. */
const SHARED = new Set(['parts', 'shell', 'style']);

it('styles each class in one room, since the styles of every page that was opened stay', () => {
  const rooms = new Map<string, Set<string>>();
  for (const path of globSync('**/*.css', { cwd: web })) {
    const [room = ''] = path.split(sep);
    const text = readFileSync(join(web, path), 'utf8').replace(/\/\*.*?\*\//gs, '');
    for (const [, selectors = ''] of text.matchAll(/([^{}]+)\{/g)) {
      for (const selector of selectors.split(',')) {
        const [, outermost] = /\.([a-z][\w-]*)/.exec(selector) ?? [];
        if (outermost === undefined) continue;
        rooms.set(outermost, (rooms.get(outermost) ?? new Set()).add(room));
      }
    }
  }
  const several = [...rooms].filter(
    ([, of]) => [...of].filter((room) => !SHARED.has(room)).length > 1,
  );
  expect(several).toEqual([]);
  expect(rooms.size).toBeGreaterThan(100);
});
