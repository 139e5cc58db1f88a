import type { Command } from 'commander';
import { listAlike, showLineage } from '../../archive/operations/look-around.ts';
import type { Descent, Relative } from '../../archive/tracing/lineage-of.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addLineage(program: Command, bind: Bind): void {
  const command = program
    .command('lineage')
    .summary('tell what an asset was made from, and what was made from it')
    .description(
      'Lists every asset that this one is said to stem from, near or far, and every one that stems from it, each ' +
        'with how much generated work is in it, and the way by which that came.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence lineage bafkrei… --json');
  bind(command, tellLineage);
}

export function addAlike(program: Command, bind: Bind): void {
  const command = program
    .command('alike')
    .summary('list what looks, reads or sounds like an asset')
    .description(
      'Lists the assets that are like one that is here, the likest first, with in how many of 256 bits their codes ' +
        'differ. For a file that is not taken in, "find" does so.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence alike bafkrei… --json');
  bind(command, tellAlike);
}

async function tellLineage({ output, ...context }: Context, asset: string) {
  const told = await perform({ output, ...context }, showLineage, { asset });
  output.document(told);
  const relatives = new Map(told.relatives.map((one) => [one.cid, one]));
  const named = (cid: Relative['cid']) => nameOf(relatives.get(cid), cid);
  for (const { parent, child, relation, recipe } of told.descents) {
    output.line(`${named(child)} ${wordOf(relation, recipe)} ${named(parent)}`);
  }
  if (told.path.length > 0)
    output.line(`the way of its taint: ${told.path.map(named).join(' ← ')}`);
  if (told.isCut) output.notice('there are more than are told');
  output.line(countOf(told.descents.length, 'derivation'));
  return EXIT.done;
}

function wordOf(relation: Descent['relation'], recipe: string | null): string {
  return recipe === null ? relation : `rendition by ${recipe} of`;
}

function nameOf(relative: Relative | undefined, cid: string): string {
  const { title = '', taint = 'UNKNOWN' } = relative ?? {};
  return `${title === '' ? cid : printable(title)} [${taint}]`;
}

async function tellAlike(context: Context, asset: string) {
  const { output } = context;
  const { alike } = await perform(context, listAlike, { asset }, (one) => {
    output.document(one);
    const bits = Object.entries(one.distances).map(([code, bit]) => `${code} ${bit}`);
    output.line(`${one.cid}  ${one.likeness}  ${bits.join(', ')}  ${printable(one.title)}`);
  });
  output.line(alike === 0 ? 'Nothing is like it.' : countOf(alike, 'asset'));
  return EXIT.done;
}
