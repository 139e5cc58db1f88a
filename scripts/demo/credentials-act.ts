import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { ask } from './ask.ts';
import { ringfence, show } from './commands.ts';

const SOURCE = join('scripts', 'demo', 'credentials');
/** Somewhere in the picture itself, far from the credential. */
const CHANGED_BYTE = 20_000;

/** Content Credentials: one file as it was signed, and one that was changed afterwards. */
export async function credentialsAct(home: string, folder: string): Promise<void> {
  show('Two files carry Content Credentials. In one of them a bit was changed after signing.');
  const signed = await readFile(join(SOURCE, 'signed.webp'));
  await mkdir(folder, { recursive: true });
  await copyFile(join(SOURCE, 'signed.webp'), join(folder, 'as-signed.webp'));
  signed[CHANGED_BYTE] = (signed[CHANGED_BYTE] ?? 0) ^ 1;
  await writeFile(join(folder, 'changed.webp'), signed);
  await ringfence(home, ['init', '--name', 'Credentials']);
  await ringfence(home, ['ingest', folder, '--collection', 'credentials']);
  await showCredentials(home);

  show('The stewards put those who signed on the trust list, and the files are looked at again.');
  await ringfence(home, ['trust', 'import', join(SOURCE, 'test-roots.pem')]);
  await ringfence(home, ['reinspect', '--all']);
  await showCredentials(home);

  show('Changed or not, both say that a model made them, and that nobody may mine them.');
  const [asset] = await assetsOf(home);
  if (asset !== undefined) await ringfence(home, ['explain', asset]);
}

/** Prints what is found in each of the files, without the other inspectors. */
async function showCredentials(home: string): Promise<void> {
  for (const cid of await assetsOf(home)) {
    const text = await ringfence(home, ['show', cid], { quiet: true });
    const lines = text.split('\n').filter((line) => /^ {2}(deposited|credentials) /.test(line));
    console.log(lines.join('\n'));
  }
}

async function assetsOf(home: string): Promise<string[]> {
  const { items } = await ask(home, listAssets, { filter: {} });
  return items.map(({ cid }) => cid);
}
