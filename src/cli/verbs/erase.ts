import type { Command } from 'commander';
import {
  deleteErasedRecords,
  eraseOnePerson,
  listAllErasures,
  planOneErasure,
} from '../../archive/operations/erase-records.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

interface EraseOptions {
  readonly yes?: boolean;
  readonly now?: boolean;
  readonly reason: string;
  readonly requestedAt?: string;
  readonly due?: boolean;
  readonly status?: boolean;
}

export function addErase(program: Command, bind: Bind): void {
  const erase = program
    .command('erase')
    .summary('erase what is known of a person')
    .description(
      'Erases every record that names a person: descriptions, notes, texts out of files, and what they signed. ' +
        'All of it is hidden at once on every node that hears of it, and its bytes are deleted seven days later, ' +
        'unless the stewards have revoked the erasure by then. Words of objections in this home that name the person ' +
        'are deleted at once, and the objections wait for their answers as before. What rested on it is decided again. Without --yes ' +
        'it only says what would go. Releases lose the words about them; ' +
        'their shards, and the bytes of works, stay. A steward erases anything, an archivist what this home has written. ' +
        'Whoever has several names, or one in several scripts, is erased by each of them.',
    )
    .argument('[person]', 'the name as "show" prints it, or a did:key')
    .option('--yes', 'erase it')
    .option('--now', 'delete the bytes in this home at once; nothing brings them back then')
    .option('--reason <code>', 'why', 'request')
    .option('--requested-at <time>', 'when it was asked for (default: now)')
    .option(
      '--due',
      'delete the bytes of everything erased whose seven days are over (with --now: all)',
    )
    .option('--status', 'list the erasures, and who has carried them out')
    .addHelpText('after', '\nExample:\n  ringfence erase "Currer Bell" --yes');
  bind(erase, run);
}

async function run(context: Context, person: string | undefined, options: EraseOptions) {
  const asked = [person !== undefined, options.due, options.status].filter(Boolean).length;
  if (asked !== 1) {
    throw new ArchiveError('usage_invalid', 'say whom to erase, or give --due or --status');
  }
  if (options.status) return showErasures(context);
  if (person === undefined) return deleteDue(context, options.now === true);
  return options.yes ? erasePerson(context, person, options) : showPlan(context, person);
}

type Plan = Awaited<ReturnType<typeof planOneErasure.run>>;

async function showPlan(context: Context, person: string) {
  const plan = await perform(context, planOneErasure, { person });
  context.output.document({ ...plan, erased: false });
  planLines(context, plan);
  context.output.line('Nothing was erased: add --yes.');
  return EXIT.done;
}

async function erasePerson(context: Context, person: string, options: EraseOptions) {
  const { reason, requestedAt } = options;
  const asked = { person, reason, ...(requestedAt === undefined ? {} : { requestedAt }) };
  const done = await perform(context, eraseOnePerson, typed(eraseOnePerson.input, asked));
  const deleted = options.now
    ? await perform(context, deleteErasedRecords, { isEarly: true })
    : null;
  const { output } = context;
  output.document({ ...done, erased: true, deleted: deleted?.records ?? 0 });
  planLines(context, done);
  output.line(
    done.due === null
      ? 'The words of objections are deleted; no record was to be erased.'
      : deleted === null
        ? `Hidden now; the bytes are deleted on ${done.due}.`
        : 'Hidden, and the bytes deleted from this home. Backups made before still have them.',
  );
  return EXIT.done;
}

function planLines({ output }: Context, plan: Plan): void {
  const { person, records, others, objections, assets, releases } = plan;
  const names = [...person.names, ...person.keys].map(printable).join(', ');
  output.line(`${names}:`);
  output.line(`  ${countOf(records.deposit, 'description')} of works, with titles and makers`);
  output.line(`  ${countOf(records.finding, 'text')} out of files`);
  output.line(`  ${countOf(records.envelope, 'signed claim')}`);
  output.line(`  ${countOf(records.note, 'note')}, ${countOf(records.name, 'name')}`);
  if (objections > 0) {
    output.line(`  what ${countOf(objections, 'objection')} here said, at once and for good`);
  }
  if (others > 0) output.line(`  not ${countOf(others, 'record')} of others: ask a steward`);
  output.line(
    `Stays: the bytes of ${countOf(assets, 'work')}, which may name the person themselves` +
      (releases > 0
        ? `, and ${countOf(releases, 'release')} without the words about the person`
        : ''),
  );
}

async function deleteDue(context: Context, isEarly: boolean) {
  const done = await perform(context, deleteErasedRecords, { isEarly });
  const { output } = context;
  output.document(done);
  output.line(`${countOf(done.records, 'record')} deleted from this home`);
  return EXIT.done;
}

async function showErasures(context: Context) {
  const erasures = await perform(context, listAllErasures, {});
  const { output } = context;
  output.document(erasures);
  for (const { id, at, reason, records, here, acknowledged, waiting } of erasures) {
    output.line(`${at}  ${countOf(records, 'record')}  ${reason}  ${id}`);
    const due = here.due === null ? '' : `, to be deleted on ${here.due}`;
    output.line(`  here: ${here.hidden} hidden, ${here.deleted} deleted${due}`);
    for (const { member, outcome, at: since } of acknowledged) {
      output.line(`  ${outcome.padEnd(8)}  ${since}  ${member}`);
    }
    for (const { member } of waiting) output.line(`  waiting   ${member}`);
  }
  return EXIT.done;
}
