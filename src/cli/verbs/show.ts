import type { Command } from 'commander';
import { knownAsset } from '../../archive/known-assets.ts';
import type { AssetView, DepositView } from '../../core/ports/catalog.ts';
import { bytesText, printable } from '../printable.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

export function addShow(program: Command, bind: Bind): void {
  const command = program
    .command('show')
    .summary('show everything about one asset')
    .description('Shows what was deposited, by whom, and what the inspectors found in the bytes.')
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence show bafkrei… --json');
  bind(command, show);
}

async function show(context: Context, text: string) {
  return withArchive(context, async ({ catalog }) => {
    const asset = catalog.asset(knownAsset(text, catalog));
    if (asset === undefined) return undefined;
    context.output.document(asset);
    for (const line of linesOf(asset)) context.output.line(line);
    return undefined;
  });
}

function* linesOf(asset: AssetView): Iterable<string> {
  yield printable(asset.title === '' ? asset.cid : asset.title);
  yield `  cid        ${asset.cid}`;
  yield `  size       ${bytesText(asset.size)} (${asset.size} bytes), sha-256 ${asset.sha256}`;
  yield `  type       ${asset.mediaType}`;
  yield `  status     ${asset.status}`;
  for (const deposit of asset.deposits) yield* depositLines(deposit);
  for (const finding of asset.findings) {
    const facts = Object.entries(finding.facts).map(([key, value]) => `${key} ${wordOf(value)}`);
    yield `  ${finding.inspector.padEnd(10)} ${finding.outcome}${facts.length === 0 ? '' : `: ${printable(facts.join(', '))}`}`;
  }
}

function* depositLines(deposit: DepositView): Iterable<string> {
  yield `  deposited  ${deposit.at} as ${printable(deposit.filename)}`;
  yield `    title    ${printable(deposit.title)}`;
  yield `    makers   ${printable(deposit.makers.join('; ') || 'none named')}`;
  if (deposit.dateText !== '') yield `    date     ${printable(deposit.dateText)}`;
  yield `    licence  ${deposit.licence ?? 'none stated'}`;
  if (deposit.source !== '') yield `    source   ${printable(deposit.source)}`;
  if (deposit.notes !== '') yield `    notes    ${printable(deposit.notes)}`;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
