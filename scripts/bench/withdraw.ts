import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makerOf, type ToldFile } from './catalog/made-up-assets.ts';
import { type Home, homeIn } from './load/homes.ts';
import { AskedNode } from './withdraw/ask-node.ts';
import { fillHome } from './withdraw/fill-home.ts';
import { type Consented, measure } from './withdraw/measure.ts';

/**
 * Withdraws consents to works of a large release over HTTP, one after another: of a release of 100,000 works on a
 * node alone, and of one of 20,000 on a node with a partner connected that has copied it.
 * `npm run bench -- withdraw [--assets 100000] [--copied 20000]` prints a table of each and keeps them in
 * `results/withdraw.json`; 0 leaves one out.
 *
 * Works of 1 to 9 KB are stored and deposited in a real home, consented to, and cut to shards of up to 256 MiB; node
 * and partner are processes of their own. A maker's code withdraws the consent, and both are asked, again and again, by
 * whoever has no account, until they refuse the work and serve the release without it.
 */
const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '100000' },
    copied: { type: 'string', default: '20000' },
  },
});
const WITHDRAWALS = 5;

const alone = await withdrawals(Number(values.assets), false);
const copied = await withdrawals(Number(values.copied), true);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const told = { date: new Date().toISOString(), machine, alone, copied };
const results = new URL('results/withdraw.json', import.meta.url);
await writeFile(results, `${JSON.stringify(told, null, 2)}\n`);

async function withdrawals(assets: number, isCopied: boolean) {
  if (assets === 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
  try {
    const files = await fillHome(join(folder, 'archive'), assets);
    const archive = homeIn(join(folder, 'archive'));
    await using node = await archive.serve();
    const consents = await consented(archive, files);
    const cut = (await archive.run('release', 'cut', 'bench')).at(-1);
    if (cut?.['assets'] !== assets) throw new Error(`${cut?.['assets']} of ${assets} are in it`);
    const release = String(cut['release']);
    const studio = homeIn(join(folder, 'studio'));
    if (isCopied) {
      const [invited] = await archive.run('invite', 'partner', '--policy', 'all');
      await studio.run('join', String(invited?.['invitation']), '--name', 'Studio');
    }
    await using partner = isCopied ? await studio.serve() : undefined;
    const here = new AskedNode(node.url, release);
    const there = partner && new AskedNode(partner.url, release);
    const some = files.filter((_, at) => at % 100 === 99);
    for (const each of [here, there]) await each?.holds(some);
    const rows = await measure(consents, here, there);
    const load = loadavg().map((one) => Number(one.toFixed(1)));
    console.log(
      `${assets} works, ${isCopied ? 'with a partner' : 'alone'}, load ${load.join(' ')}`,
    );
    console.table(rows.map(({ partner: its, ...own }) => ({ ...own, partner: its?.served })));
    return { assets, load, withdrawals: rows };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Records consents to works from all over the release, and returns each with the code that withdraws it. */
async function consented(archive: Home, files: readonly ToldFile[]): Promise<readonly Consented[]> {
  const all: Consented[] = [];
  for (let one = 0; one < WITHDRAWALS; one += 1) {
    const at = Math.floor(((one + 0.5) * files.length) / WITHDRAWALS);
    const asset = files[at]?.asset ?? '';
    const words = [asset, '--preset', 'anyone', '--maker', makerOf(at)];
    const [consent] = await archive.run('consent', 'grant', ...words);
    all.push({ asset, code: String(consent?.['withdrawalCode']) });
  }
  return all;
}
