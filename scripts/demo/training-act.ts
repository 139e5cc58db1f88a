import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ringfence, show, system, WITHDRAWN } from './commands.ts';

interface Withdrawable {
  readonly home: string;
  /** Where what is pulled goes. */
  readonly folder: string;
  /** An asset of the release, and the code that withdraws the consent to its use. */
  readonly asset: string;
  readonly code: string;
}

/** A pipeline pulls the dataset, a maker takes a consent back, and the next pull is without that work. */
export async function trainingAct({ home, folder, asset, code }: Withdrawable): Promise<void> {
  // Keys that were seen, and the one that signs pulls, are of the demonstration and not of whoever runs it.
  process.env['RINGFENCE_CONFIG'] = join(folder, 'config');
  const [first, second] = [join(folder, 'pulled'), join(folder, 'pulled-again')];

  show('The archive serves the dataset, to whoever has a signed address of it.');
  const address = await ringfence(home, ['sign-url', '/d/openmoji/1.0.0', '--expires', '1h']);

  show('A pipeline that has no archive pulls it, and checks every block.');
  const from = ['--from', address.trim()];
  await ringfence(home, ['pull', 'openmoji@1.0.0', ...from, '--out', first]);

  show('Any tool that reads a tar reads a shard.');
  const shards = (await readdir(first)).filter((name) => name.endsWith('.tar')).sort();
  for (const shard of shards.slice(0, 1))
    await system('tar', ['-tf', join(first, shard)], { lines: 4 });
  await ringfence(home, ['check', first, ...from, '--purpose', 'ai_generative_training']);

  show('A maker takes a consent back, by its code. The node serves no more of that work.');
  await ringfence(home, ['consent', 'withdraw', '--code', code]);
  await ringfence(home, ['explain', asset]);

  show('The pipeline learns that before it trains again, and fetches what changed.');
  await ringfence(home, ['check', first, ...from], { mayEnd: WITHDRAWN });
  await ringfence(home, ['pull', '--update', first, ...from, '--out', second]);
  console.log(`skip.txt: ${(await readFile(join(first, 'skip.txt'), 'utf8')).trim()}`);

  show('Who has it? Releases, pulls, and what each holder has to do.');
  await ringfence(home, ['release', 'impact', asset]);
}
