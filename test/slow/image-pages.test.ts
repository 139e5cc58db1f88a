import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
const [, stage = ''] = /^FROM \S+ AS pages\n([\s\S]*?)^FROM /m.exec(dockerfile) ?? [];

it('what the image takes of the sources is enough to build its pages', () => {
  using temporary = temporaryFolder();
  const copies = stage.matchAll(/^COPY (?<sources>.+) (?<target>\S+)$/gm);
  for (const { groups: { sources = '', target = '' } = {} } of copies) {
    for (const source of sources.split(' ')) {
      const place = target.endsWith('/') ? join(target, source.split('/').at(-1) ?? '') : target;
      cpSync(join(ROOT, source), join(temporary.path, place), { recursive: true });
    }
  }
  symlinkSync(join(ROOT, 'node_modules'), join(temporary.path, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: temporary.path, stdio: 'inherit' });
  expect(existsSync(join(temporary.path, 'dist/web/index.html'))).toBe(true);
}, 120_000);
