import type { Command } from 'commander';
import {
  carryOutAllRemovals,
  confirmOneRemoval,
  listAllRemovals,
  removeAssets,
} from '../../archive/operations/remove-assets.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { typed } from './member.ts';

interface Noted {
  readonly note?: string;
}

interface RemoveOptions extends SubjectOptions, Noted {
  readonly reason?: string;
}

export function addRemove(program: Command, bind: Bind): void {
  const remove = program
    .command('remove')
    .summary('withhold assets at once, and destroy their bytes once that is confirmed')
    .description(
      'Asks for the removal of assets. From then on nobody is given their bytes, here or on any node that hears of it. ' +
        'Once another steward has confirmed it, or a lone steward 24 hours later, every node destroys the bytes in its ' +
        'packs and says so, and nobody takes them in again. Bytes that another asset is made of as well stay. ' +
        'What is known of the assets stays, and backups made before have the bytes. Until it is confirmed, "resolve" takes it back.',
    );
  withSubject(remove)
    // Commander would ask it of the verbs below as well.
    .option('--reason <code>', 'why (required)')
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText('after', '\nExample:\n  ringfence remove bafkrei… --reason court-order');
  bind(remove, ask);
  const confirm = remove
    .command('confirm')
    .summary('confirm a removal, so that the bytes are destroyed')
    .description(
      'Confirms a removal that was asked for. They are destroyed here at once, by others when they hear of it, and nothing brings them back.',
    )
    .argument('<removal>', 'as "remove list" prints it')
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText('after', '\nExample:\n  ringfence remove confirm bafyrei…/0');
  bind(confirm, confirmOne);
  const list = remove
    .command('list')
    .summary('list the removals, and who has carried them out')
    .description('Lists the removals that were asked for, oldest arrival first.')
    .addHelpText('after', '\nExample:\n  ringfence remove list');
  bind(list, showAll);
}

async function ask(context: Context, cid: string | undefined, options: RemoveOptions) {
  const { reason, note } = options;
  if (reason === undefined) {
    throw new ArchiveError('usage_invalid', 'say why: --reason court-order');
  }
  const subject = await subjectNamed(cid, options);
  const asked = { subject, reason, ...(note === undefined ? {} : { note }) };
  const done = await perform(context, removeAssets, typed(removeAssets.input, asked));
  context.output.document(done);
  context.output.line(`${countOf(done.assets, 'asset')} withheld; to be confirmed: ${done.id}`);
  return EXIT.done;
}

async function confirmOne(context: Context, id: string, { note }: Noted) {
  const asked = { id, ...(note === undefined ? {} : { note }) };
  const done = await perform(context, confirmOneRemoval, typed(confirmOneRemoval.input, asked));
  const { assets, blocks } = await perform(context, carryOutAllRemovals, { isNewOnly: true });
  context.output.document({ ...done, destroyed: { assets, blocks } });
  context.output.line(
    `Confirmed; the bytes of ${countOf(done.assets, 'asset')} are destroyed here`,
  );
  return EXIT.done;
}

async function showAll(context: Context) {
  const removals = await perform(context, listAllRemovals, {});
  const { output } = context;
  output.document(removals);
  for (const { id, at, state, reason, assets, here, acknowledged, waiting } of removals) {
    output.line(`${at}  ${state.padEnd(6)}  ${countOf(assets, 'asset')}  ${reason}  ${id}`);
    output.line(`  here: the bytes of ${here}`);
    for (const { member, outcome, at: since } of acknowledged) {
      output.line(`  ${outcome.padEnd(8)}  ${since}  ${member}`);
    }
    for (const { member } of waiting) output.line(`  waiting   ${member}`);
  }
  return EXIT.done;
}
