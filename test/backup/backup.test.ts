import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/backup/manifest.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { restoreHome } from '../../src/compose/backups/restore-home.ts';
import { openStores } from '../../src/compose/open-archive.ts';
import { SqliteCosignerMemory } from '../../src/ledger/checkpoints/cosigner-memory.ts';
import { foundHome, openSmallHome, PASSPHRASE } from '../support/backup-home.ts';
import { appendOf } from '../support/deposits.ts';
import { seededBytes } from '../support/environs.ts';
import { canMount, smallDisk, whyNoDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const invalid = expect.objectContaining({ code: 'backup_invalid' });
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `asset ${from + i}`);

/** A home with ten files in it, backed up once. */
async function backedUp(folder: string) {
  const home = await foundHome(folder);
  const out = join(folder, 'backup');
  await using opened = await openSmallHome(home);
  await opened.fill(names(0, 10));
  await opened.ledger.checkpoint();
  const report = await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
  return { home, out, report };
}

const restore = (from: string, home: string, isAlone = true, passphrase = PASSPHRASE) =>
  restoreHome(home, { from, passphrase, isAlone });

async function sizesOf(folder: string): Promise<Record<string, number>> {
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return Object.fromEntries(files.map((name, i) => [name, sizes[i] ?? 0]));
}

describe('a backup', () => {
  it('becomes a home again that verify finds whole, with another tree', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    const copy = join(folder.path, 'copy');
    const restored = await restore(out, copy);
    expect(restored).toMatchObject({ entries: 12, withPacks: true, isWaiting: false });
    await using old = await openStores(home);
    await using stores = await openStores(copy);
    for (const name of ['address', 'charterCid', 'self'] as const) {
      expect(stores.ledger[name]).toEqual(old.ledger[name]);
    }
    expect(stores.ledger.size()).toBe(old.ledger.size());
    expect(await stores.content.stats()).toEqual(await old.content.stats());
    for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
    for await (const problem of stores.content.verify()) expect(problem).toBeUndefined();
    await old.ledger.append(appendOf('only there'));
    await stores.ledger.append(appendOf('only here'));
    const [there, here] = [old, stores].map(
      async ({ ledger }) => (await ledger.checkpoint()).checkpoint,
    );
    const [one, other] = [await there, await here].map((made) => made?.note.split('\n')[0]);
    expect(one).toMatch(/did:key:/);
    expect(one).not.toBe(other);
    for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
  });

  it('never holds the epoch of the tree, so nobody can go on with it', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    await using opened = await openSmallHome(home);
    const epoch = opened.ledger.feed.head().origin.split('/')[2] ?? '';
    const manifest = await readManifest(out);
    const ledger = await readFile(join(out, manifest?.state ?? '', 'ledger.db'));
    expect(epoch).toMatch(/^[0-9a-f]{32}$/);
    expect(ledger.includes(Buffer.from(epoch, 'hex'))).toBe(false);
  });

  it('appends nothing once restored before it has reached a partner, unless it is alone', async () => {
    using folder = temporaryFolder();
    const { out } = await backedUp(folder.path);
    const copy = join(folder.path, 'copy');
    await restore(out, copy, false);
    const refused = expect.objectContaining({ code: 'home_restored' });
    {
      await using stores = await openStores(copy);
      await expect(stores.ledger.append(appendOf('new'))).rejects.toThrow(refused);
      await expect(stores.ledger.checkpoint({ force: true })).rejects.toThrow(refused);
    }
    await using stores = await openStores(copy);
    expect(stores.ledger.isWaiting).toBe(true);
    stores.ledger.endWait();
    expect((await stores.ledger.append(appendOf('new'))).arrival).toBe(12);
  });

  it('made again copies only the packs that are new or have grown', async () => {
    using folder = temporaryFolder();
    const { home, out, report } = await backedUp(folder.path);
    expect(report.packs).toBe(4);
    expect(report.copiedPacks).toBe(4);
    await using opened = await openSmallHome(home);
    const again = await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    expect(again).toMatchObject({ packs: 4, copiedPacks: 0 });
    await opened.fill(names(10, 14));
    const before = await sizesOf(join(out, 'packs'));
    const grown = await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    const after = await sizesOf(join(out, 'packs'));
    const due = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(grown.copiedPacks).toBe(due.length);
    expect(due.length).toBeLessThan(Object.keys(after).length);
    const bytes = due.reduce((sum, name) => sum + (after[name] ?? 0), 0);
    const manifest = await readManifest(out);
    const state = manifest?.files.filter(({ path }) => path.startsWith('state')) ?? [];
    expect(grown.copiedBytes).toBe(bytes + state.reduce((sum, { size }) => sum + size, 0));
    expect(await verifyBackup(out)).toMatchObject({ ok: true, entries: 16 });
    expect((await readdir(out)).filter((name) => name.startsWith('state'))).toHaveLength(1);
    await restore(out, join(folder.path, 'copy'));
  });

  it('is one moment of the home, whatever is appended while it is taken', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    const copy = join(folder.path, 'copy');
    {
      await using opened = await openSmallHome(home);
      const taking = opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
      await opened.fill(names(10, 30));
      await taking;
    }
    await restore(out, copy);
    await using stores = await openStores(copy);
    for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
    for await (const problem of stores.content.verify()) expect(problem).toBeUndefined();
    expect(stores.ledger.size()).toBeGreaterThanOrEqual(12);
  });

  it('holds objections, withdrawal lists and who is told, and of what is gone nothing', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    const texts = new Map([
      ['objections/obj_0123456789abcdef.json', 'somebody’s words'],
      ['objections/obj_fedcba9876543210.json', 'somebody else’s'],
      ['withdrawn/bafybeifx7yeb55armcsxwwitkymga5xf53dxiarykms3ygqic223w5sk3m/000001.json', '{}'],
      ['webhooks.json', '{"webhooks":[]}'],
    ]);
    for (const [path, text] of texts) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
    }
    await writeFile(join(home, 'objections/obj_0123456789abcdef.json.new'), 'half of some');
    await using opened = await openSmallHome(home);
    const take = () => opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    await take();
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
    const copy = join(folder.path, 'copy');
    await restore(out, copy);
    for (const [path, text] of texts) expect(await readFile(join(copy, path), 'utf8')).toBe(text);
    expect(await readdir(join(copy, 'objections'))).toHaveLength(2);
    await rm(join(home, 'objections/obj_0123456789abcdef.json'));
    await take();
    const state = (await readManifest(out))?.state ?? '';
    expect(await readdir(join(out, state, 'objections'))).toEqual(['obj_fedcba9876543210.json']);
    expect((await readdir(out)).filter((name) => name.startsWith('state'))).toEqual([state]);
  });

  it('made again has nothing any more of what was destroyed since', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    await using opened = await openSmallHome(home);
    const { cid } = await opened.content.putFile({ bytes: seededBytes('asset 0')(20_000) });
    const bytes = Buffer.from(await opened.content.getBlock(cid));
    const copy = join(out, 'packs', '00000001.car');
    expect((await readFile(copy)).includes(bytes)).toBe(true);
    expect(await opened.content.destroy([cid])).toBe(1);
    const take = () => opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    // The pack that held it, and the last one, which the mark went to.
    expect(await take()).toMatchObject({ packs: 4, copiedPacks: 2 });
    expect((await readFile(copy)).includes(bytes)).toBe(false);
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
    expect(await take()).toMatchObject({ copiedPacks: 0 });
  });

  it('without packs has everything but the bytes', async () => {
    using folder = temporaryFolder();
    const home = await foundHome(folder.path);
    const out = join(folder.path, 'backup');
    {
      await using opened = await openSmallHome(home);
      await opened.fill(names(0, 4));
      await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: false });
    }
    expect(await readdir(join(out, 'packs'))).toEqual([]);
    const copy = join(folder.path, 'copy');
    expect(await restore(out, copy)).toMatchObject({ withPacks: false, entries: 5 });
    await using stores = await openStores(copy);
    for await (const problem of stores.ledger.verify()) expect(problem).toBeUndefined();
    expect((await stores.content.stats()).blocks).toBe(0);
  });

  it('remembers what the home has cosigned', async () => {
    using folder = temporaryFolder();
    const home = await foundHome(folder.path);
    const out = join(folder.path, 'backup');
    {
      await using opened = await openSmallHome(home);
      using memory = SqliteCosignerMemory.open(opened.paths.witness);
      memory.advance('tree', 0, { size: 7, root: new Uint8Array(32), note: 'note' });
      await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    }
    await restore(out, join(folder.path, 'copy'));
    using memory = SqliteCosignerMemory.open(join(folder.path, 'copy', 'witness.db'));
    expect(memory.latest('tree')?.size).toBe(7);
  });

  it('does not open with another passphrase, nor takes a short one', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    const copy = join(folder.path, 'copy');
    await expect(restore(out, copy, true, 'four words of text')).rejects.toThrow(invalid);
    await using opened = await openSmallHome(home);
    await expect(
      opened.backups.take({ out, passphrase: 'short', withPacks: true }),
    ).rejects.toThrow(expect.objectContaining({ code: 'usage_invalid' }));
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
  });

  it('is not mixed with that of another home, nor restored over one', async () => {
    using folder = temporaryFolder();
    using other = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    await using opened = await openSmallHome(await foundHome(other.path));
    await expect(
      opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true }),
    ).rejects.toThrow(invalid);
    await expect(restore(out, home)).rejects.toThrow(
      expect.objectContaining({ code: 'home_exists' }),
    );
  });
});

describe('a damaged backup', () => {
  it.each([
    ['a flipped byte in a pack', 'packs/00000002.car', 'flip'],
    ['a pack that is cut short', 'packs/00000001.car', 'cut'],
    ['a pack that is gone', 'packs/00000003.car', 'gone'],
    ['a flipped byte in the ledger', 'ledger.db', 'flip'],
    ['a flipped byte in the sealed key', 'key.json', 'flip'],
  ] as const)('names the file: %s', async (_what, name, harm) => {
    using folder = temporaryFolder();
    const { out } = await backedUp(folder.path);
    const state = (await readManifest(out))?.state ?? '';
    const path = join(out, name.includes('/') ? name : join(state, name));
    if (harm === 'gone') await rm(path);
    else if (harm === 'cut') await truncate(path, 1000);
    else {
      const bytes = await readFile(path);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
    const check = await verifyBackup(out);
    expect(check.problems.map(({ subject }) => subject)).toEqual([path]);
    const copy = join(folder.path, 'copy');
    await expect(restore(out, copy)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining(path) }),
    );
    // What was begun is no home.
    await expect(openStores(copy)).rejects.toThrow(
      expect.objectContaining({ code: 'home_missing' }),
    );
  });

  it('is refused where its manifest is gone or changed', async () => {
    using folder = temporaryFolder();
    const { out } = await backedUp(folder.path);
    const manifest = join(out, 'backup.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace('"entries": 12', '"entries": 13'));
    await expect(verifyBackup(out)).rejects.toThrow(invalid);
    await rm(manifest);
    await expect(verifyBackup(out)).rejects.toThrow(invalid);
    await expect(restore(out, join(folder.path, 'copy'))).rejects.toThrow(invalid);
  });

  it('is whole again after the next backup if a pack was gone', async () => {
    using folder = temporaryFolder();
    const { home, out } = await backedUp(folder.path);
    await rm(join(out, 'packs', '00000001.car'));
    await using opened = await openSmallHome(home);
    await opened.backups.take({ out, passphrase: PASSPHRASE, withPacks: true });
    expect(await verifyBackup(out)).toMatchObject({ ok: true });
  });
});

describe('a full disk', () => {
  it.skipIf(!canMount)(`leaves the earlier backup whole${whyNoDisk}`, async () => {
    using folder = temporaryFolder();
    using disk = smallDisk(4);
    const { home, out } = await backedUp(folder.path);
    const small = join(disk.path, 'backup');
    await cp(out, small, { recursive: true });
    await using opened = await openSmallHome(home);
    await opened.fill(names(10, 40));
    disk.fill(300_000);
    const full = expect.objectContaining({ code: 'disk_full' });
    const take = () => opened.backups.take({ out: small, passphrase: PASSPHRASE, withPacks: true });
    await expect(take()).rejects.toThrow(full);
    expect(await verifyBackup(small)).toMatchObject({ ok: true, entries: 12 });
    disk.empty();
    await take();
    expect(await verifyBackup(small)).toMatchObject({ ok: true, entries: 42 });
  });
});
