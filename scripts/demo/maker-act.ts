import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { showAsset } from '../../src/archive/operations/show-asset.ts';
import { ask } from './ask.ts';
import { ringfence, show } from './commands.ts';

/** A maker declares and consents with a key of their own. Returns the code that takes the consent back. */
export async function makerAct(home: string, folder: string, asset: string): Promise<string> {
  const { result } = await ask(home, showAsset, { asset });
  const name = result.deposits[0]?.makers[0];
  if (name === undefined) throw new Error(`${asset} names no maker`);
  const key = join(folder, 'maker.key');
  const words = join(folder, 'words.txt');
  await writeFile(words, 'correct horse battery staple\n', { mode: 0o600 });
  const signing = ['--maker', name, '--key', key, '--passphrase-file', words];

  show(`${name}, who made it, has a key of their own; a steward says whose it is.`);
  const made = await ringfence(home, ['key', 'new', key, '--passphrase-file', words]);
  await ringfence(home, ['maker', 'vouch', made.trim(), asset, '--name', name]);

  show('The maker declares how it was made, and consents to every use.');
  const how = ['--source-type', 'digitalCreation', '--no-generative', '--tool', 'inkscape'];
  await ringfence(home, ['declare', asset, ...how, ...signing]);
  const granted = await ringfence(home, [
    'consent',
    'grant',
    asset,
    '--preset',
    'anyone',
    ...signing,
  ]);

  const [, code = ''] = /Withdrawal code (\S+)/.exec(granted) ?? [];
  return code;
}
