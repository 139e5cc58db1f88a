import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { startNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The public suite: named by RINGFENCE_GATEWAY_CONFORMANCE, on the path, or where `go install` puts it. */
const program = [
  process.env['RINGFENCE_GATEWAY_CONFORMANCE'],
  'gateway-conformance',
  join(goPath(), 'bin', 'gateway-conformance'),
].find((path) => path !== undefined && spawnSync(path, ['--help']).status === 0);

/** Whole specifications of the suite that are not run, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'trustless-ipns-gateway': 'the archive has no names that change',
  'path-ipns-gateway': 'the archive has no names that change',
  'path-tar-gateway': 'a release is exported as tar shards; folders are not packed on the fly',
  // The cases of `proxy-gateway` need this one as well, and are left out with it.
  'subdomain-ipfs-gateway': 'the node answers under one name',
  'subdomain-ipns-gateway': 'the node answers under one name',
  'dnslink-gateway': 'no request makes the node ask the DNS',
  'redirects-file': 'it needs an origin for each CID, which a path gateway does not have',
};

/** Single cases that fail, by the beginning of their names, and why that is so. */
const KNOWN: readonly { readonly test: string; readonly reason: string }[] = [
  {
    test: 'TestCodecMismatchReturns406/',
    reason: 'blocks are translated into other codecs, and who does so may leave these cases out',
  },
  ...[
    'GET_plain_JSON_codec_on_%2Fipfs_with_Accept:_text%2Fhtml_returns_HTML',
    'GET_plain_CBOR_codec_on_%2Fipfs_with_Accept:_text%2Fhtml_returns_HTML',
    'GET_DAG-CBOR_with_Accept:_text%2Fhtml_returns_HTML_preview',
  ].map((name) => ({
    test: `TestNativeDag/${name}`,
    reason: 'no pages of HTML are made about documents; a browser is given the document',
  })),
];

describe.skipIf(program === undefined)(
  'the public suite of IPFS gateways (skipped where it is not installed: go install github.com/ipfs/gateway-conformance/cmd/gateway-conformance@latest)',
  () => {
    it('passes for blocks, CARs, UnixFS and documents, but for what is named here', async () => {
      using folder = temporaryFolder();
      const fixtures = join(folder.path, 'fixtures');
      mkdirSync(fixtures);
      suite('extract-fixtures', '--directory', fixtures);
      const home = join(folder.path, 'home');
      await runCommand(['--home', home, 'init', '--name', 'Gateway', '--institution', 'Suite']);
      const cars = readdirSync(fixtures, { recursive: true, encoding: 'utf8' });
      for (const name of cars.filter((one) => one.endsWith('.car'))) {
        const path = join(fixtures, name);
        const { status, stderr } = await runCommand([
          '--home',
          home,
          'car',
          'import',
          path,
          '--serve',
        ]);
        expect([name, status, stderr]).toEqual([name, 0, '']);
      }
      await using node = await startNode(home);
      const { url } = await node.logged(
        ({ event, url }) => event === 'listening' && url !== undefined,
      );
      const report = join(folder.path, 'report.json');
      const specs = Object.keys(NOT_RUN).map((name) => `-${name}`);
      suite('test', '--gateway-url', String(url), '--json', report, '--specs', specs.join(','));
      const events = readFileSync(report, 'utf8').trimEnd().split('\n').map(eventOf);
      const ended = (how: string) =>
        // The last of each kind is of all of them together, and names none.
        events.flatMap(({ Action, Test }) => (Action === how && Test !== undefined ? [Test] : []));
      const failed = ended('fail');
      const passed = ended('pass');
      // A case that fails fails the ones it is a part of as well.
      const deepest = failed.filter((test) => !failed.some((one) => one.startsWith(`${test}/`)));
      const unknown = deepest.filter((test) => !KNOWN.some((one) => test.startsWith(one.test)));
      expect(unknown).toEqual([]);
      expect(passed.length).toBeGreaterThan(100);
    });
  },
);

/** Runs the suite; a case that fails makes it fail, which its report tells better. */
function suite(...args: readonly string[]): void {
  const { error } = spawnSync(program ?? '', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
}

function eventOf(line: string): { readonly Action?: string; readonly Test?: string } {
  return JSON.parse(line);
}

function goPath(): string {
  const { status, stdout } = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
