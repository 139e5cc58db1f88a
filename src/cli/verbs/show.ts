import type { Command } from 'commander';
import { showAsset } from '../../archive/operations/show-asset.ts';
import type { AssetView, DepositView, FindingView } from '../../core/ports/asset-views.ts';
import { credentialText } from '../credential-text.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addShow(program: Command, bind: Bind): void {
  const command = program
    .command('show')
    .summary('show what is known of one asset')
    .description(
      'Shows what was deposited, by whom, and what the inspectors found in the bytes. Statements ' +
        'such as custody and derivations are not shown; "explain" names those that count.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence show bafkrei… --json');
  bind(command, show);
}

async function show(context: Context, text: string) {
  const asset = await perform(context, showAsset, { asset: text });
  context.output.document(asset);
  for (const line of linesOf(asset)) context.output.line(line);
  return EXIT.done;
}

function* linesOf(asset: AssetView): Iterable<string> {
  yield printable(asset.title === '' ? asset.cid : asset.title);
  yield `  cid        ${asset.cid}`;
  yield `  size       ${sizeText(asset.size)}`;
  yield `  sha-256    ${asset.sha256}`;
  yield `  type       ${asset.mediaType}`;
  yield `  status     ${asset.status}`;
  for (const deposit of asset.deposits) yield* depositLines(deposit);
  for (const finding of asset.findings) {
    yield `  ${finding.inspector.padEnd(10)} ${findingText(finding)}`;
  }
}

function* depositLines(deposit: DepositView): Iterable<string> {
  yield `  deposited  ${deposit.at} as ${printable(deposit.filename)}`;
  yield `    title    ${printable(deposit.title)}`;
  yield `    makers   ${printable(deposit.makers.join('; ') || 'none named')}`;
  if (deposit.dateText !== '') yield `    date     ${printable(deposit.dateText)}`;
  yield `    licence  ${deposit.licence ?? 'none stated'}`;
  if (deposit.source !== '') yield `    source   ${printable(deposit.source)}`;
  if (deposit.work !== null)
    yield `    work     ${deposit.work}, part ${deposit.part ?? 'unknown'}`;
  if (deposit.notes !== '') yield `    notes    ${printable(deposit.notes)}`;
}

/** What was not found needs no facts here; `--json` has them. */
function findingText({ inspector, outcome, facts }: FindingView): string {
  if (inspector === 'credentials') return printable(credentialText({ outcome, facts }));
  const told =
    outcome === 'none' ? [] : Object.entries(facts).filter(([, value]) => value !== null);
  const words = told.map(([key, value]) => `${key} ${wordOf(value)}`);
  return words.length === 0 ? outcome : `${outcome}: ${printable(words.join(', '))}`;
}

function sizeText(bytes: number): string {
  return bytes < 1000 ? countOf(bytes, 'byte') : `${bytesText(bytes)} (${countOf(bytes, 'byte')})`;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
