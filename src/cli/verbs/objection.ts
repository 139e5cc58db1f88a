import { type Command, Option } from 'commander';
import { answerOneObjection, listObjections } from '../../archive/operations/answer-objections.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

export function addObjection(program: Command, bind: Bind): void {
  const objection = program
    .command('objection')
    .summary('answer people who object without an account')
    .description(
      'What people object to through the node of this home lies here and not in the ledger. Unanswered by its ' +
        'deadline, an objection holds its asset until it is answered; answered, it is deleted after a while.',
    )
    .addHelpText('after', '\nExample:\n  ringfence objection list');
  const listing = objection
    .command('list')
    .summary('list what waits for an answer')
    .description('Lists objections that wait for an answer, oldest first.')
    .option('--all', 'what was answered as well')
    .addHelpText('after', '\nExample:\n  ringfence objection list --json');
  bind(listing, list);
  const answering = objection
    .command('answer')
    .summary('answer one')
    .description(
      'Answers an objection; whoever has its receipt sees the answer. Upheld, the asset is in dispute until ' +
        '"resolve"; dismissed, what held it for want of an answer ends.',
    )
    .argument('<id>', 'as "objection list" shows it')
    .addOption(
      new Option('--outcome <outcome>', 'what you say')
        .choices(['upheld', 'dismissed'])
        .makeOptionMandatory(),
    )
    .option('--text <text>', 'what whoever objected is told', '')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence objection answer obj_0123456789abcdef --outcome upheld --text "We have taken it out."',
    );
  bind(answering, answer);
}

async function list(context: Context, { all = false }: { readonly all?: boolean }) {
  const { output } = context;
  await perform(context, listObjections, { all }, (one) => {
    output.document(one);
    const state = one.answer?.outcome ?? (one.isOverdue ? 'overdue' : `until ${one.deadline}`);
    output.line(`${one.id}  ${one.asset}  ${one.reason}  ${state}`);
    output.line(`  ${printable(one.text)}`);
  });
  return EXIT.done;
}

async function answer(
  context: Context,
  id: string,
  options: { readonly outcome: string; readonly text: string },
) {
  const answered = await perform(
    context,
    answerOneObjection,
    typed(answerOneObjection.input, { id, ...options }),
  );
  context.output.document(answered);
  context.output.line(`${answered.id} is ${options.outcome}`);
  return EXIT.done;
}
