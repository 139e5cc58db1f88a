import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { ArchiveError } from '../../core/errors.ts';

const told = z.object({ pid: z.int(), url: z.string().nullable() });

/**
 * Says in `node.json` of the home where its node is found, until disposed. A node that is killed leaves
 * the file behind: whoever reads it finds out whether the process lives.
 */
export function tellWhere(
  home: string,
  node: { readonly pid: number; readonly url: string | null; readonly started: number },
): AsyncDisposable {
  const path = join(home, 'node.json');
  const text = { ...node, started: new Date(node.started).toISOString() };
  writeDurably(path, `${JSON.stringify(text)}\n`);
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/**
 * Returns where the running node of a home answers over HTTP.
 *
 * @throws {ArchiveError} `not_found` where none runs, or it answers nowhere.
 */
export function nodeUrl(home: string): string {
  const path = join(home, 'node.json');
  const node = existsSync(path) ? told.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  if (node === undefined || !lives(node.pid)) {
    throw new ArchiveError('not_found', `no node of ${home} runs; "ringfence serve" starts it`);
  }
  if (node.url !== null) return node.url;
  const text = `the node of ${home} does not answer over HTTP; start it with --listen 127.0.0.1:8080`;
  throw new ArchiveError('not_found', text);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
