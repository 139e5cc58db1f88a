import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUpHome, endWait } from '../../archive/operations/move-home.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { PASSPHRASE_OPTION, type PassphraseOptions, passphraseOf } from '../passphrase.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

const FOR = 'the backup holds the key of the home, sealed';

export function addBackup(program: Command, bind: Bind): void {
  const command = program
    .command('backup')
    .summary('copy this home into a folder, while it runs')
    .description(
      'Copies ledger, bytes and the sealed key into a folder. Run again into the same folder, it copies ' +
        'what is new; sealed packs are not copied twice. What is copied is checked first: damaged blocks are ' +
        'named, the rest is backed up, and the status is 4. "ringfence verify FOLDER" checks the copy.',
    )
    .requiredOption('--out <folder>', 'folder of the backup')
    .option(...PASSPHRASE_OPTION)
    .option('--no-bytes', 'leave the packs out; a restored home fetches the bytes from partners')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence backup --out /mnt/safe --passphrase-file words.txt',
    );
  bind(command, backup);
}

export function addRestore(program: Command, bind: Bind): void {
  const command = program
    .command('restore')
    .summary('make a home out of a backup')
    .description(
      'Makes the home folder out of a backup, comparing every file. The home then takes what partners ' +
        'have that is newer before it appends anything; with --alone it does not wait for them. On a ' +
        'home that waits, "restore --alone" ends the wait.',
    )
    .option('--from <folder>', 'folder of the backup')
    .option(...PASSPHRASE_OPTION)
    .option('--alone', 'no partner has anything newer')
    .addHelpText('after', '\nExample:\n  ringfence restore --from /mnt/safe --home new');
  bind(command, restore);
}

async function backup(
  context: Context,
  options: PassphraseOptions & { readonly out: string; readonly bytes: boolean },
) {
  const report = await perform(context, backUpHome, {
    out: resolve(options.out),
    passphrase: await passphraseOf(options, FOR),
    withPacks: options.bytes,
  });
  context.output.document(report);
  context.output.line(
    `Backed up into ${printable(report.folder)}: ${countOf(report.entries, 'entry', 'entries')}, ` +
      `${countOf(report.packs, 'pack')}, ${bytesText(report.bytes)}`,
  );
  context.output.line(
    `  copied now  ${bytesText(report.copiedBytes)}, ${countOf(report.copiedPacks, 'pack')}`,
  );
  if (report.problems.length === 0) return EXIT.done;
  for (const { code, text } of report.problems) context.output.line(`${printable(text)} [${code}]`);
  context.output.line(
    `${countOf(report.problems.length, 'problem')} in the packs of this home: what is whole is in the backup. ` +
      'Have partners mend the home ("ringfence fixity --now"), or restore an earlier backup.',
  );
  return EXIT.unsound;
}

async function restore(
  context: Context,
  options: PassphraseOptions & { readonly from?: string; readonly alone?: boolean },
) {
  const { output, home, signal } = context;
  const isAlone = options.alone ?? false;
  if (options.from === undefined) {
    if (!isAlone) throw new ArchiveError('usage_invalid', 'name the backup with --from');
    output.document(await perform(context, endWait, {}));
    output.line('This home appends again.');
    return EXIT.done;
  }
  const { restoreHome } = await import('../../compose/backups/restore-home.ts');
  const restored = await restoreHome(home, {
    from: resolve(options.from),
    passphrase: await passphraseOf(options, FOR),
    isAlone,
    signal,
    onProgress: (done) => output.progress('restoring', done),
  });
  output.document(restored);
  output.line(`Restored ${restored.archive} into ${printable(restored.home)}`);
  output.line(`  as of    ${restored.made}, ${countOf(restored.entries, 'entry', 'entries')}`);
  if (!restored.withPacks) output.line('  bytes    not in the backup; partners have them');
  if (restored.isWaiting) {
    output.line(
      'It appends nothing before a partner has told it what is newer (or: restore --alone).',
    );
  }
  return EXIT.done;
}
