import type { Command } from 'commander';
import type { proposal as shown } from '../../archive/operations/answers/governance.ts';
import {
  listProposals,
  proposeQuorum,
  showProposal,
  voteOnProposal,
} from '../../archive/operations/govern.ts';
import type { Described } from '../../archive/operations/operation.ts';
import { EXIT } from '../exit-codes.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';
import { told, typed } from './member.ts';

export function addProposal(program: Command, bind: Bind): void {
  const proposal = program
    .command('proposal')
    .summary('see and vote on what stewards have proposed')
    .description(
      'Stewards, policies, trust lists and the format change by proposals. More than half of the stewards ' +
        'must approve; it is enacted as soon as they have.',
    )
    .addHelpText('after', '\nExample:\n  ringfence proposal list');
  bind(
    proposal
      .command('list')
      .summary('list the proposals')
      .description('Lists every proposal with its votes and what became of it.')
      .addHelpText('after', '\nExample:\n  ringfence proposal list --json'),
    list,
  );
  bind(
    proposal
      .command('show')
      .summary('read one proposal')
      .description('Prints what a proposal would change, and who voted how.')
      .argument('<proposal>', 'id of the proposal, or the hash of its entry')
      .addHelpText('after', '\nExample:\n  ringfence proposal show zdpu…/0'),
    show,
  );
  bind(
    proposal
      .command('quorum')
      .summary('propose how many stewards must approve')
      .description(
        'Proposes how many stewards must approve what is proposed from then on. More than half must in ' +
          'any case; 1 asks for no more than that.',
      )
      .argument('<number>', 'of stewards', wholeNumber)
      .option('--reason <code>', 'why, in a word', 'quorum')
      .addHelpText('after', '\nExample:\n  ringfence proposal quorum 3'),
    quorum,
  );
  for (const [name, word, text] of [
    ['approve', 'yes', 'Votes for a proposal, and enacts it if that is enough.'],
    ['reject', 'no', 'Votes against a proposal; an earlier approval of yours no longer counts.'],
  ] as const) {
    bind(
      proposal
        .command(name)
        .summary(`vote ${word}`)
        .description(text)
        .argument('<proposal>', 'id of the proposal, or the hash of its entry')
        .addHelpText('after', `\nExample:\n  ringfence proposal ${name} zdpu…/0`),
      async (context: Context, id: string) =>
        told(context, await perform(context, voteOnProposal, { proposal: id, vote: word })),
    );
  }
}

async function list(context: Context) {
  const { needed, proposals } = await perform(context, listProposals, {});
  for (const proposal of proposals) {
    context.output.document({ ...proposal, needed });
    context.output.line(headline(proposal, needed));
  }
  return EXIT.done;
}

async function show(context: Context, id: string) {
  const proposal = await perform(context, showProposal, { proposal: id });
  context.output.document(proposal);
  context.output.line(`${proposal.id}  ${proposal.body.topic}  ${proposal.status}`);
  const { document, stewards, format, base, reason } = proposal.body;
  context.output.line(`  by ${proposal.by}, ${reason}, on ${base}`);
  if (document !== null) context.output.line(`  document ${document}`);
  if (format !== null) context.output.line(`  format ${format}`);
  for (const seat of stewards?.list ?? []) context.output.line(`  steward ${seat.id}`);
  for (const line of changeLines(proposal.change)) context.output.line(`  ${line}`);
  for (const { id: who, vote } of proposal.votes)
    context.output.line(`  ${vote.padEnd(3)}  ${who}`);
  return EXIT.done;
}

async function quorum(context: Context, wanted: number, options: { readonly reason: string }) {
  const input = typed(proposeQuorum.input, { quorum: wanted, ...options });
  return told(context, await perform(context, proposeQuorum, input));
}

/** Tells what a proposal about the stewards changes. */
function* changeLines(change: Described<typeof shown>['change']): Iterable<string> {
  if (change === null) return;
  const { joins, leaves, newKeys, cut, needed } = change;
  for (const id of joins) yield `joins    ${id}`;
  for (const id of leaves) yield `leaves   ${id}`;
  for (const id of newKeys) yield `new key  ${id}`;
  for (const id of cut) yield `keeps less of  ${id}`;
  yield `must approve  ${needed.before} before, ${needed.after} after`;
}

function headline({ id, body, status, votes }: Described<typeof shown>, needed: number): string {
  const yes = votes.filter(({ vote }) => vote === 'yes').length;
  return `${id}  ${body.topic}  ${status}${status === 'open' ? `, ${yes} of ${needed}` : ''}`;
}
