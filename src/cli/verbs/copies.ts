import { type Command, InvalidArgumentError, Option } from 'commander';
import type { NodeCopies } from '../../archive/copies/replica-status.ts';
import {
  checkStoredBytes,
  replicateNow,
  showCopyHistory,
  showReplicas,
} from '../../archive/operations/keep-copies.ts';
import { DEFAULT_POLICY } from '../../core/policy/shipped.ts';
import type { Halt, ReplicationReport, Shortfall } from '../../core/ports/replica.ts';
import { HISTORY_DAYS } from '../../core/sharing/kept-samples.ts';
import { EXIT } from '../exit-codes.ts';
import { levelText } from '../level-text.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addFixity(program: Command, bind: Bind): void {
  const command = program
    .command('fixity')
    .summary('read stored bytes again')
    .description(
      'Reads the blocks of every asset whose copy was not proven in the last 30 days, and records ' +
        'what it found. Where a node runs, damaged blocks are fetched from partners. Exits with 4 if ' +
        'anything stays damaged.',
    )
    .option('--now', 'read everything, however lately it was proven')
    .addHelpText('after', '\nExample:\n  ringfence fixity --now');
  bind(command, fixity);
}

export function addReplicate(program: Command, bind: Bind): void {
  const replicate = program
    .command('replicate')
    .summary('copies: who is to hold what, and does')
    .description('Shows what each node is to hold and has proven, or fetches what is lacking here.')
    .addHelpText('after', '\nExample:\n  ringfence replicate status');
  const status = replicate
    .command('status')
    .summary('what each node is to hold, holds and has proven')
    .description(
      'Counts, for each node and collection, the assets that its replica policy covers, those that ' +
        'are here, and those of which the ledger has a proof that the node holds them.',
    )
    .option('--policy <name>', 'policy by which "eligible" is decided', DEFAULT_POLICY)
    .addHelpText('after', '\nExample:\n  ringfence replicate status --json');
  bind(status, showStatus);
  const history = replicate
    .command('history')
    .summary('how each node stood from time to time')
    .description(
      'Lists what this home remembers of the others: whether they were connected, how far their logs ' +
        'were, and what they had proven. A running node notes it every hour; of days more than a week ' +
        'ago one line each is kept.',
    )
    .addOption(
      new Option('--days <number>', `how far back, up to ${HISTORY_DAYS}`)
        .default(7)
        .argParser(parseDays),
    )
    .addHelpText('after', '\nExample:\n  ringfence replicate history --days 30 --json');
  bind(history, showHistory);
  const now = replicate
    .command('now')
    .summary('fetch what is lacking')
    .description(
      'Has the running node ask its connected partners for everything that is to be here and is not.',
    )
    .addHelpText('after', '\nExample:\n  ringfence replicate now');
  bind(now, fetchNow);
}

async function fixity(context: Context, options: { readonly now?: boolean }) {
  const report = await perform(context, checkStoredBytes, { isEverything: options.now ?? false });
  context.output.document(report);
  for (const { asset, outcome } of report.damaged) context.output.line(`${asset}: ${outcome}`);
  context.output.line(
    `${countOf(report.assets, 'asset')} read (${bytesText(report.bytes)}): ${report.intact} intact, ` +
      `${report.repaired} repaired, ${report.damaged.length} damaged`,
  );
  return report.damaged.length === 0 ? EXIT.done : EXIT.unsound;
}

async function showStatus(context: Context, { policy }: { readonly policy: string }) {
  const status = await perform(context, showReplicas, { policy });
  context.output.document(status);
  for (const node of status.nodes) {
    context.output.line(`${node.did}  holds ${node.replica}  ${printable(node.name)}`.trimEnd());
    context.output.line(`  ${contactText(node)}`);
    for (const { name, collection, ...counts } of node.collections) {
      context.output.line(`  ${printable(name || collection).padEnd(34)}  ${countsText(counts)}`);
    }
    context.output.line(`  ${'in all'.padEnd(34)}  ${countsText(node)}`);
  }
  const { lastPass } = status;
  if (lastPass === null) {
    context.output.line('No node has looked for what is missing here; "ringfence serve" runs one.');
    return EXIT.done;
  }
  if (lastPass.report.unmet > 0) {
    const lacking = countOf(lastPass.report.unmet, 'asset');
    context.output.line(`${lacking} missing here after the pass of ${lastPass.at}:`);
  }
  for (const line of reasonLines(lastPass.report)) context.output.line(line);
  return EXIT.done;
}

function contactText({ isThisHome, connected, lastContact, level }: NodeCopies): string {
  if (isThisHome) return 'this home';
  if (connected) return `connected, ${levelText(level)}`;
  const seen = lastContact === null ? 'not heard of since the start' : `gone since ${lastContact}`;
  return `${seen}, ${levelText(level)}`;
}

/** Why something is missing, in words. */
const BECAUSE: Readonly<Record<Shortfall, string>> = {
  'not-held': 'does not hold it',
  'not-allowed': 'may not give it to this home',
  damaged: 'has a damaged copy',
  corrupt: 'sent other bytes',
  invalid: 'holds a file that is none',
};

const HALTED: Readonly<Record<Halt, string>> = {
  'disk-full': 'the disk is nearly full',
  budget: 'the budget of this home is used up',
  schedule: 'nothing may be fetched at this hour',
  stopped: 'it was stopped',
};

function reasonLines({ reasons, failures, halted }: ReplicationReport): string[] {
  return [
    ...reasons.map(
      ({ peer, because, assets }) => `  ${peer} ${BECAUSE[because]}: ${countOf(assets, 'asset')}`,
    ),
    ...failures.map(({ peer, text }) => `  ${peer}: ${printable(text)}`),
    ...(halted === null ? [] : [`It stopped before its end: ${HALTED[halted]}.`]),
  ];
}

function countsText(counts: {
  readonly wanted: number;
  readonly held: number | null;
  readonly proven: number;
  readonly lost: number;
}): string {
  const held = counts.held === null ? '' : `${counts.held} held, `;
  const lost = counts.lost === 0 ? '' : `, ${counts.lost} lost since`;
  return `${counts.wanted} wanted, ${held}${counts.proven} proven${lost}`;
}

async function showHistory(context: Context, { days }: { readonly days: number }) {
  const nodes = await perform(context, showCopyHistory, { days });
  for (const { did, name, samples } of nodes) {
    context.output.document({ did, name, samples });
    context.output.line(`${did}  ${printable(name)}`.trimEnd());
    for (const { at, connected, toTake, toGive, ...counts } of samples) {
      const level = toTake === null || toGive === null ? null : { toTake, toGive };
      const contact = connected ? 'connected' : 'not connected';
      const text = `${contact}, ${levelText(level)}, ${countsText({ ...counts, held: null })}`;
      context.output.line(`  ${at}  ${text}`);
    }
  }
  if (nodes.length === 0) context.output.line('Nothing is remembered of other nodes yet.');
  return EXIT.done;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d{1,2}$/.test(text) && days >= 1 && days <= HISTORY_DAYS) return days;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${HISTORY_DAYS}.`);
}

async function fetchNow(context: Context) {
  const report = await perform(context, replicateNow, {});
  context.output.document(report);
  context.output.line(
    `${countOf(report.fetched, 'asset')} fetched (${bytesText(report.receivedBytes)}), ${report.unmet} lacking`,
  );
  for (const line of reasonLines(report)) context.output.line(line);
  return report.unmet === 0 && report.halted === null ? EXIT.done : EXIT.incomplete;
}
