import type { Command } from 'commander';
import {
  checkStoredBytes,
  replicateNow,
  showReplicas,
} from '../../archive/operations/keep-copies.ts';
import { EXIT } from '../exit-codes.ts';
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
    .option('--policy <name>', 'policy by which "eligible" is decided', 'corroborated')
    .addHelpText('after', '\nExample:\n  ringfence replicate status --json');
  bind(status, showStatus);
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
    const contact = node.isThisHome
      ? 'this home'
      : node.connected
        ? 'connected'
        : node.lastContact === null
          ? 'not heard of'
          : `last heard of ${node.lastContact}`;
    context.output.line(`${node.did}  ${node.replica}  ${contact}`);
    for (const { name, collection, ...counts } of node.collections) {
      context.output.line(`  ${printable(name || collection).padEnd(34)}  ${countsText(counts)}`);
    }
    context.output.line(`  ${'in all'.padEnd(34)}  ${countsText(node)}`);
  }
  const { reasons = [], unmet = 0, halted = null } = status.lastPass?.report ?? {};
  if (unmet > 0) context.output.line(`${countOf(unmet, 'asset')} lacking after the last pass`);
  for (const { peer, because, assets } of reasons) {
    context.output.line(`  ${peer}  ${because}: ${countOf(assets, 'asset')}`);
  }
  if (halted !== null) context.output.line(`The last pass stopped before its end: ${halted}`);
  return EXIT.done;
}

function countsText(counts: {
  readonly wanted: number;
  readonly held: number | null;
  readonly proven: number;
}): string {
  const held = counts.held === null ? '' : `${counts.held} held, `;
  return `${counts.wanted} wanted, ${held}${counts.proven} proven`;
}

async function fetchNow(context: Context) {
  const report = await perform(context, replicateNow, {});
  context.output.document(report);
  context.output.line(
    `${countOf(report.fetched, 'asset')} fetched (${bytesText(report.receivedBytes)}), ${report.unmet} lacking`,
  );
  for (const { peer, because, assets } of report.reasons) {
    context.output.line(`  ${peer}  ${because}: ${countOf(assets, 'asset')}`);
  }
  for (const { peer, text } of report.failures) {
    context.output.line(`  ${peer}  ${printable(text)}`);
  }
  if (report.halted !== null) context.output.line(`It stopped before its end: ${report.halted}`);
  return report.unmet === 0 && report.halted === null ? EXIT.done : EXIT.incomplete;
}
