import { join } from 'node:path';
import { restoreHome } from '../../../src/compose/backups/restore-home.ts';
import { openSmallHome, PASSPHRASE } from '../backup-home.ts';

/** `back-up HOME OUT ROUND` or `restore OUT FOLDER`, again and again until it is killed. */
const [verb = '', from = '', to = '', round = ''] = process.argv.slice(2);

async function backUp(): Promise<void> {
  await using opened = await openSmallHome(from);
  for (let i = 0; ; i++) {
    await opened.fill([`${round} ${i} one`, `${round} ${i} two`]);
    const options = { out: to, passphrase: PASSPHRASE, withPacks: true };
    const { entries } = await opened.backups.take(options);
    process.stdout.write(`${entries}\n`);
  }
}

async function restore(): Promise<void> {
  for (let i = 0; ; i++) {
    const home = join(to, `home-${i}`);
    process.stdout.write(`${home}\n`);
    await restoreHome(home, { from, passphrase: PASSPHRASE, isAlone: false });
  }
}

await (verb === 'restore' ? restore() : backUp());
