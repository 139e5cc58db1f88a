import { describe, expect, it } from 'vitest';
import { isShut, robotsAccess } from '../../../src/core/reservations/robots-access.ts';

const shutTo = (robots: string, path: string) =>
  robotsAccess(robots)
    .filter((group) => isShut(group, path))
    .map(({ agent }) => agent);

describe('robots.txt', () => {
  it.each([
    ['everybody', 'User-agent: *\nDisallow: /art/', '/art/cat.png', ['*']],
    ['another path', 'User-agent: *\nDisallow: /art/', '/cat.png', []],
    ['nobody', 'User-agent: *\nDisallow:', '/cat.png', []],
    ['a crawler for training', 'user-agent: GPTBot/1.2\ndisallow: / # no', '/a', ['gptbot']],
    [
      'what only stands for a use',
      'User-agent: Google-Extended\nDisallow: /',
      '/',
      ['google-extended'],
    ],
    ['a crawler for something else', 'User-agent: SemrushBot\nDisallow: /', '/a', []],
    [
      'several in one group',
      'User-agent: CCBot\n\nUser-agent: ClaudeBot\nDisallow: /',
      '/',
      ['ccbot', 'claudebot'],
    ],
    [
      'a longer rule that allows',
      'User-agent: *\nDisallow: /art\nAllow: /art/free',
      '/art/free/1',
      [],
    ],
    [
      'a longer rule that does not',
      'User-agent: *\nAllow: /art\nDisallow: /art/*.png$',
      '/art/1.png',
      ['*'],
    ],
    ['two rules as long', 'User-agent: *\nDisallow: /art\nAllow: /art', '/art', []],
    ['letters beyond ASCII', 'User-agent: *\nDisallow: /bücher', '/b%c3%bccher/1', ['*']],
    [
      'groups behind one another',
      'User-agent: *\nAllow: /\nUser-agent: CCBot\nDisallow: /',
      '/',
      ['ccbot'],
    ],
    ['rules of no group', 'Disallow: /', '/', []],
    ['other lines between', 'User-agent: *\nCrawl-delay: 5\nSitemap: /s\nDisallow: /', '/', ['*']],
  ])('shuts a path to %s', (_, robots, path, agents) => {
    expect(shutTo(robots, path)).toEqual(agents);
  });

  it('of more rules than are held against each path shuts everything', () => {
    const rules = (count: number) =>
      `User-agent: *\n${Array.from({ length: count }, (_, at) => `Disallow: /*a*a*${at}$`).join('\n')}`;
    expect(shutTo(rules(2_000), '/art/')).toEqual([]);
    expect(shutTo(rules(100_000), '/art/')).toEqual(['*']);
  });
});
