import type { Command } from 'commander';
import {
  confirmRenditions,
  makeRenditions,
  type RenditionEvent,
} from '../../archive/operations/render-assets.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RECIPES } from '../../core/renditions/recipes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { countText, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type Subject, subjectNamed } from '../subject.ts';

interface MakeOptions {
  readonly recipe: string;
  readonly set?: string;
  readonly collection?: string;
  readonly media?: string;
}

const EXAMPLE = 'Example:\n  ringfence rendition make --media image/tiff --recipe jpeg-2048';

export function addRendition(program: Command, bind: Bind): void {
  const rendition = program
    .command('rendition')
    .summary('make files of works for loaders')
    .description(
      'Makes and confirms renditions: files made from a work by a fixed recipe that generates nothing. A rendition ' +
        'is an asset of its own and is stopped by whatever stops its master; what is shown of the master is ' +
        'handed on to it once two organisations have made it alike, or by one vetted institution up to H2.',
    )
    .addHelpText('after', `\n${EXAMPLE}`);
  const make = rendition
    .command('make')
    .summary('make renditions by a recipe')
    .description(
      `Makes renditions and takes them in. Recipes: ${RECIPES.map(({ name }) => name).join(', ')}. Pictures need ` +
        'setpriv and prlimit (util-linux), sounds and films ffmpeg as well.',
    )
    .argument('[cid...]', 'the works')
    .requiredOption('--recipe <name>', 'the recipe (required)')
    .option('--set <file|cid>', 'a file with one CID a line, or the CID of a set')
    .option('--collection <name>', 'everything in a collection')
    .option('--media <type>', 'everything of a type, such as image/tiff or audio')
    .addHelpText('after', `\n${EXAMPLE}`);
  bind(make, runMake);
  const confirm = rendition
    .command('confirm')
    .summary('make renditions of others anew, and say so')
    .description(
      'Makes anew what others say are renditions. Of what comes out with the same bytes, or content codes ' +
        'that no other work has, this organisation says the same; of the rest nothing.',
    )
    .argument('[cid...]', 'the renditions')
    .option('--set <file|cid>', 'a file with one CID a line, or the CID of a set')
    .addHelpText('after', '\nExample:\n  ringfence rendition confirm bafkrei…');
  bind(confirm, runConfirm);
}

async function runMake(context: Context, assets: readonly string[], options: MakeOptions) {
  const { recipe, collection, media } = options;
  const filter = {
    ...(collection === undefined ? {} : { collection }),
    ...(media === undefined ? {} : { media }),
  };
  const isFiltered = Object.keys(filter).length > 0;
  if (isFiltered && (assets.length > 0 || options.set !== undefined)) {
    throw new ArchiveError('usage_invalid', 'name works, or choose them by a filter, not both');
  }
  const which = isFiltered ? { filter } : await namedOf(assets, options);
  const { output } = context;
  const done = await perform(context, makeRenditions, { which, recipe }, (event) =>
    tell(event, output),
  );
  return finish(done, output);
}

async function runConfirm(
  context: Context,
  assets: readonly string[],
  options: { readonly set?: string },
) {
  const { output } = context;
  const which = await namedOf(assets, options);
  const done = await perform(context, confirmRenditions, { which }, (event) => tell(event, output));
  return finish(done, output);
}

async function namedOf(
  assets: readonly string[],
  options: { readonly set?: string },
): Promise<Subject> {
  if (assets.length > 0 && options.set === undefined) return { assets: [...assets] };
  return subjectNamed(assets[0], options);
}

function tell(event: RenditionEvent, output: Output): void {
  output.document(event);
  if (event.event === 'failed') {
    if (!output.json) {
      output.notice(`not done: ${event.subject}: ${printable(event.text)} [${event.code}]`);
    }
    return;
  }
  const of = 'master' in event ? ` of ${event.master}` : '';
  output.line(`${event.cid}  ${event.event}${of}`);
}

function finish(result: { readonly done: number; readonly failed: number }, output: Output) {
  output.document({ event: 'done', ...result });
  output.line(`${countText(result.done)} done, ${countText(result.failed)} failed`);
  return result.failed > 0 ? EXIT.incomplete : EXIT.done;
}
