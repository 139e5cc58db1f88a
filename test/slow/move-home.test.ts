import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('moves a home by backup and restore, and proves what its log says, by the real command', async () => {
  using folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const run = async (home: string, ...args: readonly string[]) => {
    const env = { RINGFENCE_PASSPHRASE: '' };
    const ran = await runCommand(['--home', at(home), '--json', ...args], { env });
    return { status: ran.status, said: documents(ran)[0] };
  };
  mkdirSync(at('in'));
  writeFileSync(at('in/a.txt'), 'drawn by hand\n');
  writeFileSync(at('words'), 'four words of test\nand more\n');
  await run('old', 'init', '--name', 'Prints');
  await run('old', 'ingest', at('in'));
  await run('old', 'checkpoint');
  expect(await run('old', 'backup', '--out', at('backup'))).toMatchObject({
    status: 2,
    said: { error: { code: 'usage_invalid' } },
  });
  const sealed = ['--passphrase-file', at('words')];
  expect(await run('old', 'backup', '--out', at('backup'), ...sealed)).toMatchObject({
    status: 0,
    said: { entries: 3, packs: 1 },
  });
  expect(await run('none', 'verify', at('backup'))).toMatchObject({
    status: 0,
    said: { ok: true },
  });
  const restored = await run('new', 'restore', '--from', at('backup'), ...sealed);
  expect(restored).toMatchObject({ status: 0, said: { entries: 3, isWaiting: true } });
  expect(await run('new', 'verify')).toMatchObject({ status: 0, said: { ok: true, entries: 3 } });
  expect(await run('new', 'ingest', at('words'))).not.toMatchObject({ status: 0 });
  expect(await run('new', 'restore', '--alone')).toMatchObject({ said: { wasWaiting: true } });
  expect(await run('new', 'ingest', at('words'))).toMatchObject({ status: 0 });
  const { said } = await run('new', 'list');
  const [asset] = [JSON.stringify(said)].map((text) => /bafk[a-z2-7]+/.exec(text)?.[0] ?? '');
  const proof = await run('new', 'proof', asset ?? '', '--out', at('a.tlog-proof'));
  expect(proof).toMatchObject({ status: 0, said: { asset, confirmedBy: [] } });
  expect(await run('none', 'verify', at('a.tlog-proof'))).toMatchObject({
    status: 0,
    said: { ok: true, sort: 'proof', asset, name: 'Prints' },
  });
  expect(
    await run('none', 'verify', at('a.tlog-proof'), '--address', '/orbitdb/zdpuElsewhere'),
  ).toMatchObject({ status: 4, said: { error: { code: 'proof_invalid' } } });
}, 60_000);
