import type { Command } from 'commander';
import type { LogEntry } from '../../archive/logging/log-entry.ts';
import {
  listLog,
  proveLogConsistency,
  showLogEntry,
  showLogHead,
} from '../../archive/operations/read-log.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';

export function addLog(program: Command, bind: Bind): void {
  const log = program
    .command('log')
    .summary('the arrival log of this home, with proofs')
    .description(
      'Shows what arrived in the log of this home, who has confirmed it, and proves both.',
    )
    .addHelpText('after', '\nExample:\n  ringfence log list');
  const list = log
    .command('list')
    .summary('what arrived, the newest first')
    .option('--before <number>', 'only what arrived before this one', wholeNumber)
    .option('--limit <count>', 'at most so many entries, up to 200', wholeNumber, 50)
    .addHelpText('after', '\nExample:\n  ringfence log list --limit 20 --json');
  bind(list, tellList);
  const head = log
    .command('head')
    .summary('the signed head of the log, and who confirmed it')
    .addHelpText('after', '\nExample:\n  ringfence log head');
  bind(head, tellHead);
  const show = log
    .command('show')
    .summary('one entry, with a proof that it is in the log')
    .description(
      'Shows the statements of an entry, and a C2SP tlog-proof of its place; with --json its blocks too.',
    )
    .argument('<entry>', 'hash of the entry (zdpu…)')
    .addHelpText('after', '\nExample:\n  ringfence log show zdpu… --json');
  bind(show, tellEntry);
  const consistency = log
    .command('consistency')
    .summary('prove that the log only grew')
    .argument('<from>', 'entries that it had', wholeNumber)
    .argument('<to>', 'entries that it has', wholeNumber)
    .addHelpText('after', '\nExample:\n  ringfence log consistency 10 25');
  bind(consistency, tellConsistency);
}

async function tellList(
  context: Context,
  asked: { readonly before?: number; readonly limit: number },
) {
  const { output } = context;
  const { size } = await perform(context, listLog, asked, (one) => {
    output.document(one);
    output.line(lineOf(one));
  });
  output.line(`${countOf(size, 'entry', 'entries')} in all`);
  return EXIT.done;
}

function lineOf({ arrival, entry, author, at, kinds }: LogEntry): string {
  const who = author.name || author.organisationName || author.key;
  const said = kinds.map(({ kind, count }) => (count === 1 ? kind : `${count} ${kind}`));
  return printable(`${arrival}  ${at ?? 'nothing stands'}  ${who}: ${said.join(', ')}  ${entry}`);
}

async function tellHead(context: Context) {
  const head = await perform(context, showLogHead, {});
  context.output.document(head);
  context.output.line(`${countOf(head.size, 'entry', 'entries')}, signed by ${head.log}`);
  const { confirmed } = head;
  if (confirmed === null) context.output.line('Nobody else has confirmed it yet.');
  for (const { name, organisationName, key } of confirmed?.by ?? []) {
    const who = printable(name || organisationName);
    context.output.line(`the first ${confirmed?.size} confirmed by ${who} ${key}`);
  }
  context.output.line();
  context.output.line(head.note.trimEnd());
  return EXIT.done;
}

async function tellEntry(context: Context, entry: string) {
  const shown = await perform(context, showLogEntry, { entry });
  context.output.document(shown);
  context.output.line(lineOf(shown));
  for (const { id, kind, outcome, reason } of shown.statements) {
    const because = reason === null ? '' : `: ${reason}`;
    context.output.line(printable(`  ${kind}  ${outcome}${because}  ${id}`));
  }
  context.output.line();
  context.output.line(shown.proof.trimEnd());
  return EXIT.done;
}

async function tellConsistency(context: Context, from: number, to: number) {
  const proof = await perform(context, proveLogConsistency, { from, to });
  context.output.document(proof);
  for (const hash of proof.hashes) context.output.line(hash);
  return EXIT.done;
}
