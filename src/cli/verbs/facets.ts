import type { Command } from 'commander';
import { countFacets } from '../../archive/operations/count-facets.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, countText, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

const FACETS = ['media', 'licence', 'collection', 'maker', 'year', 'level', 'gate'] as const;

export function addFacets(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('facets'))
    .summary('count what a search finds by kind, licence, maker and more')
    .description(
      'Counts what holds every word, or everything, by each thing that a listing can be narrowed by; ' +
        'levels of evidence and gates by the question.',
    )
    .argument('[words...]', 'words; a * at the end of one stands for any ending')
    .addHelpText('after', '\nExample:\n  ringfence facets tenniel alice');
  bind(command, facets);
}

async function facets(context: Context, words: readonly string[], options: QuestionOptions) {
  const { output } = context;
  const filter = words.length === 0 ? {} : { text: words.join(' ') };
  const input = { filter, standing: questionOf(options) };
  const counted = await perform(context, countFacets, input);
  output.document(counted);
  output.line(countOf(counted.assets, 'asset'));
  for (const facet of FACETS) {
    if (counted[facet].length > 0) output.line(`${facet}:`);
    for (const { value, assets } of counted[facet]) {
      output.line(`  ${countText(assets).padStart(9)}  ${printable(value)}`);
    }
  }
  return EXIT.done;
}
