import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ringfence, show } from './commands.ts';

const REGISTERED = join('scripts', 'demo', 'generated', 'traced.png');

/** A registered picture comes back smaller, saved again, and without the workflow in it. */
export async function likenessAct(home: string, folder: string): Promise<void> {
  show(
    'A generated picture is registered. Half its size, saved as JPEG, it is offered as human work.',
  );
  const copy = join(folder, 'my-landscape.jpg');
  await mkdir(folder, { recursive: true });
  const { width } = await sharp(REGISTERED).metadata();
  const half = sharp(REGISTERED).resize(Math.round(width / 2));
  await half.jpeg({ quality: 60 }).toFile(copy);
  await ringfence(home, ['synthetic', 'add', REGISTERED, '--generator', 'comfyui']);
  const offer = ['ingest', copy, '--collection', 'likeness', '--json'];
  const said = await ringfence(home, offer, { quiet: true });
  const [match] = said
    .split('\n')
    .filter((line) => line.includes('"event":"match"'))
    .map((line): { deposited: string } => JSON.parse(line));
  if (match === undefined) throw new Error('the copy was not recognised');
  await ringfence(home, ['synthetic', 'matches', match.deposited]);
  await ringfence(home, ['explain', match.deposited]);
}
