import { once } from 'node:events';
import { bitswap } from './bitswap.ts';
import { ours } from './ours.ts';
import { rsync } from './rsync.ts';
import { tcp } from './tcp.ts';
import type { Way } from './way.ts';

/** One side of a transfer, in a process of its own: `role.ts WAY serve|fetch FOLDER ADDRESS|PLACE`. */
const ways: Readonly<Record<string, Way>> = { tcp, rsync, ours, bitswap };
const [name = '', side, folder = '', at = ''] = process.argv.slice(2);
const way = ways[name];
if (way === undefined) throw new Error(`there is no way ${name}`);
if (side === 'serve') {
  const { place, end } = await way.serve(folder, at);
  process.send?.(place);
  await once(process, 'message');
  process.send?.(await end());
} else process.send?.(await way.fetch(folder, at));
process.disconnect();
