import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openContentStore } from '../../src/content/open-content-store.ts';
import zeroFiles from '../../test/vectors/unixfs/zero-files.json' with { type: 'json' };
import { findKubo } from './find-kubo.ts';
import { type Kubo, openKubo } from './kubo.ts';

/**
 * Compares the content store with Kubo: `node scripts/interop/kubo-cids.ts [--small]`.
 *
 * The CIDs of sparse files around 1 MiB, 1, 2, 3 and 4 GiB (needs 4.1 GiB of disk and some minutes;
 * with `--small` only those up to 17 MiB); then packs are imported, and files and directories in them
 * are read back. Ends with status 1 if anything differs, and with 0 where there is no Kubo.
 */

const isSmall = process.argv.includes('--small');
const program = await findKubo();
if (program !== undefined) {
  await using kubo = await openKubo(program);
  console.log(await kubo.ipfs('version'));
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'ringfence-interop-'));
  try {
    const differences = [
      ...(await compareCids(kubo, folder)),
      ...(await comparePacks(kubo, folder)),
    ];
    for (const difference of differences) console.error(`differs: ${difference}`);
    console.log(differences.length === 0 ? 'everything agrees' : `${differences.length} differ`);
    if (differences.length > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Opens a store in a folder that is new, and removes both afterwards. */
async function withStore<T>(
  folder: string,
  work: (store: Awaited<ReturnType<typeof openContentStore>>, packs: string) => Promise<T>,
): Promise<T> {
  const home = join(folder, 'home');
  const packs = join(home, 'packs');
  await mkdir(home);
  try {
    await using store = await openContentStore({
      indexPath: join(home, 'content.db'),
      packDirectories: [packs],
    });
    return await work(store, packs);
  } finally {
    await rm(home, { recursive: true });
  }
}

async function compareCids(kubo: Kubo, folder: string): Promise<string[]> {
  const differences: string[] = [];
  for (const { comment, size } of zeroFiles) {
    if (isSmall && size > 17 * 1_048_576) continue;
    const path = join(folder, 'sparse');
    await writeFile(path, '');
    await truncate(path, size);
    const theirs = await kubo.cidOf(path);
    const ours = await withStore(folder, async (store) => (await store.putFile({ path })).cid);
    console.log(`${comment.padEnd(10)} ${ours} ${ours === theirs ? 'agrees' : `Kubo: ${theirs}`}`);
    if (ours !== theirs) differences.push(`the CID of ${comment}`);
  }
  return differences;
}

async function comparePacks(kubo: Kubo, folder: string): Promise<string[]> {
  const differences: string[] = [];
  const bytes = randomBytes(17 * 1_048_576 + 333);
  const names = Array.from({ length: 6_000 }, (_, i) => `drawing ${i} \u00e9.svg`);
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'few'), { recursive: true });
  await writeFile(join(tree, 'few', 'large'), bytes);
  await writeFile(join(tree, 'few', 'empty'), '');
  await mkdir(join(tree, 'many'));
  for (const name of names) await writeFile(join(tree, 'many', name), name);

  await withStore(folder, async (store, packs) => {
    const put = async (name: string, path: string) => ({
      name,
      ...(await store.putFile({ path })),
    });
    const large = await put('large', join(tree, 'few', 'large'));
    const empty = await put('empty', join(tree, 'few', 'empty'));
    const drawings = [];
    for (const name of names) drawings.push(await put(name, join(tree, 'many', name)));
    const few = await store.putDirectory([large, empty]);
    const many = await store.putDirectory(drawings);
    const root = await store.putDirectory([
      { name: 'few', ...few },
      { name: 'many', ...many },
    ]);
    await store.sync([root.cid]);

    const theirs = await kubo.cidOf(tree);
    if (theirs !== root.cid) differences.push(`the CID of a folder: ${root.cid}, Kubo ${theirs}`);
    for (const name of await readdir(packs)) {
      if (name.endsWith('.car')) {
        const said = await kubo.ipfs('dag', 'import', '--stats', join(packs, name));
        console.log(`ipfs dag import ${name}: ${said.replaceAll('\n', ', ')}`);
      }
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    if ((await kubo.digestOf(`${root.cid}/few/large`)) !== digest) {
      differences.push('the bytes of a large file that Kubo reads from a pack');
    }
    const listed = (await kubo.ipfs('ls', '--size=false', many.cid)).split('\n');
    if (listed.length !== names.length) differences.push('the names in a large directory');
    const one = createHash('sha256')
      .update(names[17] ?? '')
      .digest('hex');
    if ((await kubo.digestOf(`${root.cid}/many/${names[17]}`)) !== one) {
      differences.push('a file found by its name in a large directory');
    }
    const { dagSize } = root;
    const size = JSON.parse(await kubo.ipfs('files', 'stat', '--enc=json', `/ipfs/${root.cid}`));
    if (size.CumulativeSize !== dagSize) differences.push(`DAG size ${dagSize} of a folder`);
  });
  console.log('packs, files and directories: read by Kubo');
  return differences;
}
