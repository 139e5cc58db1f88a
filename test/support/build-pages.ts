import { execFileSync } from 'node:child_process';

/** Builds the pages once, before any suite starts a node that sends them. */
export function setup(): void {
  const root = new URL('../..', import.meta.url).pathname;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}
