import type { Command } from 'commander';
import { reinspectAssets } from '../../archive/operations/take-care.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addReinspect(program: Command, bind: Bind): void {
  const command = program
    .command('reinspect')
    .argument('[cid...]', 'the assets')
    .summary('look at stored bytes again with the inspectors of this version')
    .description(
      'Inspects stored assets again and records what is otherwise than before: when an inspector or the trust ' +
        'list for Content Credentials has changed, or a certificate has run out since. With --all it looks ' +
        'where a finding is missing, of an older version, decided with another list, or cut short; at ' +
        'assets or with inspectors that are named it looks in any case.',
    )
    .option('--all', 'every asset of the archive')
    .option('--inspector <name...>', 'these inspectors only')
    .addHelpText('after', '\nExample:\n  ringfence reinspect --inspector credentials --all');
  bind(command, reinspect);
}

async function reinspect(
  context: Context,
  assets: readonly string[],
  { all, inspector }: { readonly all?: true; readonly inspector?: readonly string[] },
) {
  if ((all === true) === assets.length > 0) {
    throw new ArchiveError('usage_invalid', 'name the assets to look at, or say --all');
  }
  const done = await perform(context, reinspectAssets, {
    ...(all === true ? {} : { assets: [...assets] }),
    ...(inspector === undefined ? {} : { inspectors: [...inspector] }),
  });
  context.output.document(done);
  context.output.line(
    `${countOf(done.assets, 'asset')} inspected, ${done.changed} otherwise than before`,
  );
  if (done.absent > 0) {
    context.output.line(`${countOf(done.absent, 'asset')} could not be: their bytes are not here`);
  }
  return EXIT.done;
}
