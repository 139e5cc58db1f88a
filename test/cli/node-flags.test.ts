import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const textOf = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

describe('options for Node', () => {
  it('are the same whether a node is started by name, by npm or by systemd', () => {
    const [, flags] = /^#!\/usr\/bin\/env -S node (--.+)\n/.exec(textOf('src/cli/main.ts')) ?? [];
    expect(flags).toMatch(/^--max-semi-space-size=\d+ --heap-growing-percent=\d+$/);
    const { scripts } = JSON.parse(textOf('package.json'));
    expect(scripts.start).toContain(`node ${flags} src/cli/main.ts `);
    expect(textOf('deploy/ringfence.service')).toContain(`/node ${flags} /opt/`);
  });
});
