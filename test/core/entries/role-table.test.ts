import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KINDS } from '../../../src/core/statements/kinds.ts';

const README = new URL('../../../src/core/statements/README.md', import.meta.url);
const ROLES = [
  'steward',
  'archivist',
  'reviewer',
  'partner',
  'pipeline',
  'agent',
  'maker',
] as const;

/** The table of who may make what, as the README must have it. */
function table(): string {
  const head = `| statement | ${ROLES.join(' | ')} |\n|---|${ROLES.map(() => ':-:|').join('')}\n`;
  const rows = Object.entries(KINDS).map(([kind, { roles }]) => {
    const allowed: readonly string[] = roles;
    return `| ${kind} | ${ROLES.map((role) => (allowed.includes(role) ? '●' : '')).join(' | ')} |\n`;
  });
  return head + rows.join('');
}

it('is in the README as it is in the code', () => {
  expect(readFileSync(README, 'utf8')).toContain(table());
});
