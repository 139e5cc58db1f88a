import { join } from 'node:path';
import { homeBackups } from '../../src/compose/backups/home-backups.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openHome } from '../../src/compose/home.ts';
import { openContentStore } from '../../src/content/open-content-store.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { appendOf } from './deposits.ts';
import { fixedClock, seededBytes } from './environs.ts';

export const PASSPHRASE = 'four words of test';

const environs = { clock: fixedClock, randomBytes: seededBytes('backup') };

/** Founds an archive in a folder. */
export async function foundHome(folder: string): Promise<string> {
  const home = join(folder, 'home');
  await foundArchive(home, { name: 'Prints' }, environs);
  return home;
}

/** Opens a home whose packs are sealed after some kilobytes. */
export async function openSmallHome(home: string) {
  await using opened = new AsyncDisposableStack();
  const paths = await openHome(home);
  const ledger = opened.use(
    await openLedger({ path: paths.ledger, keyPath: paths.key, ...environs }),
  );
  const content = opened.use(
    await openContentStore({
      indexPath: paths.contentIndex,
      packDirectories: paths.packs,
      maxPackBytes: 65_536,
    }),
  );
  const backups = homeBackups({ paths, ledger, content, clock: environs.clock });
  const whole = opened.move();
  return {
    paths,
    ledger,
    content,
    backups,
    /** Stores so many files of 20 KB, and says something of each. */
    async fill(names: readonly string[]): Promise<void> {
      for (const name of names) {
        const { cid } = await content.putFile({ bytes: seededBytes(name)(20_000) });
        await content.sync([cid]);
        await ledger.append(appendOf(name));
      }
    },
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}
