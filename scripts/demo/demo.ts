/**
 * The whole idea, small: real drawings with named makers go in, generated files are kept out, every
 * verdict is explained, and a dataset comes out. Runs the real command line and shows each command.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listAssets } from '../../src/archive/operations/list-assets.ts';
import { ask } from './ask.ts';
import { drawingRows, lyingRows } from './catalogues.ts';
import { ringfence, show, startNode, system } from './commands.ts';
import { credentialsAct } from './credentials-act.ts';
import { likenessAct } from './likeness-act.ts';
import { makerAct } from './maker-act.ts';
import { partnerAct } from './partner-act.ts';
import { trainingAct } from './training-act.ts';

const folder = '.demo';
const home = join(folder, 'home');
const generated = join('scripts', 'demo', 'generated');

async function main(): Promise<void> {
  const started = performance.now();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const drawings = await drawingRows();
  await writeFile(join(folder, 'openmoji.csv'), drawings.csv);
  await writeFile(join(folder, 'offered.csv'), lyingRows());

  show(
    'An archive is founded; its own institution is vetted for custody. Its node runs from now on.',
  );
  await ringfence(home, ['init', '--name', 'Demo', '--institution', 'Demo Archive']);
  await using _node = await startNode(home, '127.0.0.1:0');

  show(`${drawings.count} drawings by ${drawings.makers} named people go in, held in custody.`);
  const svg = ['--catalog', join(folder, 'openmoji.csv'), '--collection', 'openmoji', '--custody'];
  await ringfence(home, ['ingest', drawings.folder, ...svg]);

  show('A generator registers one of its outputs.');
  const registered = join(generated, 'registered.md');
  await ringfence(home, ['synthetic', 'add', registered, '--generator', 'gpt-3']);

  show('Three generated files are offered as human work, with a catalogue that lies.');
  const lies = ['--catalog', join(folder, 'offered.csv'), '--collection', 'offered'];
  await ringfence(home, ['ingest', generated, ...lies]);

  show('What may train a generative model? Counts, and the first rule that fails.');
  await ringfence(home, ['status']);

  show('Why yes: one of the drawings.');
  await ringfence(home, ['explain', await first('grinning cat')]);
  show('Why not: the three generated files.');
  for (const title of ['Valley of the unicorns', 'A painted landscape', 'A voice message']) {
    await ringfence(home, ['explain', await first(title)]);
  }

  await likenessAct(home, join(folder, 'likeness'));

  show('A dataset of everything eligible is cut: shards that link to bytes already stored.');
  const cut = ['release', 'cut', 'openmoji', '--policy', 'corroborated'];
  const out = await ringfence(home, [...cut, '--json'], { quiet: true });
  const release: { release: string; assets: number; extraBytes: number } = JSON.parse(out);
  const each = Math.round(release.extraBytes / release.assets);
  console.log(`Release ${release.release}: ${release.assets} assets.`);
  console.log(
    `${each} extra bytes an asset; a copy of assets of 1 MB would cost 1,000,000 bytes each.`,
  );

  show('It is written as files that ordinary tools read.');
  const dataset = join(folder, 'dataset');
  await ringfence(home, ['release', 'export', release.release, '--out', dataset]);
  const shard = (await readdir(dataset)).find((name) => name.endsWith('.tar'));
  if (shard !== undefined) await system('tar', ['-tvf', join(dataset, shard)], { lines: 6 });

  show('Everything is checked again, byte by byte.');
  await ringfence(home, ['release', 'verify', release.release]);
  await ringfence(home, ['verify']);

  await credentialsAct(join(folder, 'credentials'), join(folder, 'signed'));

  const asset = await first('grinning cat');
  const code = await makerAct(home, folder, asset);

  await partnerAct(home, join(folder, 'partner'));

  await trainingAct({ home, folder, asset, code });

  console.log(`\nDone in ${Math.round((performance.now() - started) / 1000)} s. Try next:`);
  for (const next of [
    `npx ringfence --home ${home} search cat --limit 5`,
    `npx ringfence --home ${home} policy show corroborated`,
    `npx ringfence --home ${home} explain CID --policy gold`,
    `npx ringfence --home ${home} serve`,
    'npx ringfence init --name Mine && npx ringfence ingest FOLDER',
  ]) {
    console.log(`  ${next}`);
  }
}

/** Returns the CID of the first asset of which words are found. */
async function first(text: string): Promise<string> {
  const { items } = await ask(home, listAssets, { filter: { text }, limit: 1 });
  const [asset] = items;
  if (asset === undefined) throw new Error(`nothing found by: ${text}`);
  return asset.cid;
}

await main();
