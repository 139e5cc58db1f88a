import { expect, it } from 'vitest';
import { Findings, LISTED } from '../../../src/archive/inspecting/findings.ts';

it('lists the first of each kind and counts the rest, so that a flood hides no other finding', () => {
  const findings = new Findings();
  for (let i = 0; i < LISTED + 7; i += 1) {
    findings.add({ kind: 'void', subject: `${i}`, text: 'counts for nothing' });
  }
  findings.add({ kind: 'fork', subject: 'key', text: 'is in two places' });
  expect(findings.listed).toHaveLength(LISTED + 1);
  expect(findings.listed.at(-1)?.kind).toBe('fork');
  expect(findings.unlisted()).toEqual({ void: 7 });
});
