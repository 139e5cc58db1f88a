import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/has-program.ts';

const UNIT = join(import.meta.dirname, '../../deploy/ringfence.service');

const hasSystemd = hasProgram('systemd-analyze', '--version', /systemd/);

describe.skipIf(!hasSystemd)('the unit for systemd (skipped without systemd-analyze)', () => {
  it('has no key that systemd does not know', () => {
    // What it finds is printed, and is no failure. That nothing is installed in /opt is no fault.
    const { stderr } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' });
    const faults = stderr.split('\n').filter((line) => line !== '' && !/not executable/.test(line));
    expect(faults).toEqual([]);
  });

  it('exposes little', () => {
    const asked = ['security', '--offline=true', '--threshold=20', UNIT];
    expect(spawnSync('systemd-analyze', asked).status).toBe(0);
  });
});
