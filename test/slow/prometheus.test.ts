import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const hasPrometheus =
  hasProgram('prometheus', '--version', /prometheus/) &&
  hasProgram('promtool', '--version', /promtool/);

describe.skipIf(!hasPrometheus)('metrics, read by Prometheus (skipped without it)', () => {
  const temporary = temporaryFolder();
  let node: RunningNode;

  beforeAll(async () => {
    const home = join(temporary.path, 'home');
    await foundArchive(home, { name: 'Poems', institution: 'House' });
    node = await openNode(home, { log() {} });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    temporary[Symbol.dispose]();
  });

  it('follow the rules of promtool', async () => {
    const text = await (await fetch(`${node.url}/metrics`)).text();
    const checked = promisify(execFile)('promtool', ['check', 'metrics']);
    checked.child.stdin?.end(text);
    const { stdout, stderr } = await checked;
    expect(stdout + stderr).toBe('');
  });

  it('have rules for alerts that promtool can read', async () => {
    const rules = join(import.meta.dirname, '../../deploy/alerts.yml');
    const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', rules]);
    expect(stdout).toContain('SUCCESS: 5 rules found');
  });

  it('have alerts that tell what they are to tell, and nothing else', async () => {
    const tests = join(import.meta.dirname, '../../deploy/alerts-test.yml');
    const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', tests]);
    expect(stdout).toContain('SUCCESS');
  });

  it('are scraped', async () => {
    const { host } = new URL(node.url ?? '');
    const config = join(temporary.path, 'prometheus.yml');
    const job = { job_name: 'ringfence', static_configs: [{ targets: [host] }] };
    const yaml = { global: { scrape_interval: '1s' }, scrape_configs: [job] };
    await writeFile(config, JSON.stringify(yaml));
    const port = await freePort();
    const prometheus = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(temporary.path, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    try {
      const entries = () => valueAt(port, 'ringfence_ledger_entries');
      await expect
        .poll(entries, { timeout: 60_000, interval: 500 })
        .toBe(node.archive.ledger.size());
      expect(await valueAt(port, 'ringfence_http_request_duration_seconds_count')).toBeGreaterThan(
        0,
      );
    } finally {
      prometheus.kill();
      await once(prometheus, 'exit');
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function valueAt(port: number, name: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=sum(${name})`);
    // The form of Prometheus' own API.
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    const value = data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  } catch {
    return undefined;
  }
}
