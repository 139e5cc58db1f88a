import { type Command, Option } from 'commander';
import { cutDataset, planDataset } from '../../archive/operations/make-releases.ts';
import { ArchiveError } from '../../core/errors.ts';
import { LEVELS } from '../../core/policy/documents.ts';
import { RECIPES } from '../../core/renditions/recipes.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, countText, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface CutOptions extends QuestionOptions, SelectionOptions {
  readonly as: string;
  readonly url?: string;
  readonly dryRun?: boolean;
}

interface SelectionOptions {
  readonly query?: string;
  readonly collection?: string;
  readonly media?: string;
  readonly licence?: string;
  readonly maker?: string;
  readonly fromYear?: string;
  readonly toYear?: string;
  readonly leastBytes?: string;
  readonly mostBytes?: string;
  readonly language?: string;
  readonly level?: (typeof LEVELS)[number];
  readonly tag?: readonly string[];
  readonly sample?: string;
  readonly seed: string;
  readonly validation?: string;
  readonly rendition?: string;
}

export function addCut(release: Command, bind: Bind): void {
  const command = withSelection(withQuestion(release.command('cut')))
    .summary('cut a dataset of everything eligible')
    .description(
      'Appends a checkpoint, takes every asset that is eligible at it, and composes shards that link ' +
        'to the bytes already stored. With --dry-run it says what it would take and leave out.',
    )
    .argument('<name>', 'name of the dataset: letters, digits, ".", "_", "-"; at most 64')
    .option('--as <version>', 'version of the dataset, three numbers', '1.0.0')
    .option('--url <url>', 'where it will be served, for the programs of its card')
    .option('--dry-run', 'write nothing: show counts, makers, and what is left out by which rule')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence release cut drawings --media image --from-year 1880 --to-year 1920 --dry-run\n' +
        '  ringfence release cut drawings --policy corroborated --media image --validation 0.1',
    );
  bind(command, cut);
}

function withSelection(command: Command): Command {
  return command
    .option('--query <words>', 'only assets that these words find')
    .option('--collection <name>', 'only this collection')
    .option('--media <type>', 'only this media type, or its first part')
    .option('--licence <id>', 'only this licence, as "show" spells it')
    .option('--maker <name>', 'only works of this maker, by the whole name')
    .option('--from-year <year>', 'only what was made in this year or later, by its date')
    .option('--to-year <year>', 'only what was made in this year or before, by its date')
    .option('--least-bytes <n>', 'only assets of this size or more')
    .option('--most-bytes <n>', 'only assets of this size or less')
    .option('--language <tag>', 'only this language, such as en for en-GB too')
    .addOption(new Option('--level <level>', 'this level of evidence or more').choices(LEVELS))
    .option('--tag <word...>', 'only assets with all of these tags')
    .option('--sample <n>', 'take only so many, drawn by the seed')
    .option('--seed <text>', 'fixes the order of the samples, the split and the draw', '')
    .option('--validation <share>', 'share of makers and works for a validation split, such as 0.1')
    .addOption(
      new Option(
        '--rendition <recipe>',
        'take renditions by this recipe of works that loaders cannot read',
      ).choices(RECIPES.map(({ name }) => name)),
    );
}

async function cut(context: Context, name: string, options: CutOptions) {
  const selected = { ...questionOf(options), ...selectionOf(options) };
  if (options.dryRun === true) return plan(context, selected);
  const done = await perform(context, cutDataset, {
    ...selected,
    name,
    version: options.as,
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  context.output.document(done);
  const { release, state, assets, shards, extraBytes, bytes } = done;
  context.output.line(`Release ${release}`);
  context.output.line(`  state   ${state}`);
  context.output.line(
    `  assets  ${countText(assets)} (${bytesText(bytes)}), ` +
      `${countText(Math.round(extraBytes / assets))} extra bytes each`,
  );
  for (const shard of shards) {
    context.output.line(
      `  shard   ${shard.name}  ${countOf(shard.samples, 'sample')}, ${bytesText(shard.size)}`,
    );
  }
  return EXIT.done;
}

async function plan(context: Context, selected: Parameters<typeof planDataset.run>[1]) {
  const { output } = context;
  const told = await perform(context, planDataset, selected);
  output.document(told);
  const { counts, configs, splits, decades, makers, largestShare, histogram, leftOut } = told;
  output.line(`${countOf(counts.assets, 'asset')} (${bytesText(counts.bytes)}) would be released`);
  for (const [config, assets] of Object.entries(configs)) {
    output.line(`  kind    ${config}: ${countText(assets)}`);
  }
  for (const [split, side] of Object.entries(splits)) {
    output.line(`  split   ${split}: ${countText(side.assets)} (${bytesText(side.bytes)})`);
  }
  for (const [licence, assets] of Object.entries(counts.licences)) {
    output.line(`  licence ${licence === '' ? 'by consent' : licence}: ${countText(assets)}`);
  }
  for (const [level, assets] of Object.entries(counts.levels)) {
    output.line(`  level   ${level}: ${countText(assets)}`);
  }
  for (const { from, assets } of decades) {
    output.line(`  made    ${from === null ? 'undated' : `${from}s`}: ${countText(assets)}`);
  }
  if (counts.selfVetted > 0) {
    output.line(`  on one organisation's word: ${countText(counts.selfVetted)}`);
  }
  output.line(
    `  makers  ${countText(counts.makers)} named, ${countOf(counts.unnamed, 'asset')} by nobody in ` +
      `particular; the largest has ${Math.round(100 * largestShare)} %`,
  );
  for (const { least, most, makers: held } of histogram) {
    const range = least === most ? countText(least) : `${countText(least)} to ${countText(most)}`;
    output.line(`          ${countText(held)} with ${range}`);
  }
  for (const { name, assets } of makers) {
    output.line(`          ${name === '' ? 'erased' : printable(name)}: ${countText(assets)}`);
  }
  for (const { rule, code, assets } of leftOut) {
    output.line(`  left out by ${rule} ${code}: ${countText(assets)}`);
  }
  return EXIT.done;
}

function selectionOf(options: SelectionOptions) {
  const { query, collection, media, licence, maker, language, level, tag, seed } = options;
  const { leastBytes, mostBytes, fromYear, toYear, sample, validation } = options;
  const recipe = RECIPES.find(({ name }) => name === options.rendition)?.name;
  const isSized = leastBytes !== undefined || mostBytes !== undefined;
  const isDated = fromYear !== undefined || toYear !== undefined;
  const bytes = {
    least: numberOf('--least-bytes', leastBytes ?? '0'),
    most: numberOf('--most-bytes', mostBytes ?? String(Number.MAX_SAFE_INTEGER)),
  };
  const years = {
    from: numberOf('--from-year', fromYear ?? '-999999'),
    to: numberOf('--to-year', toYear ?? '999999'),
  };
  return {
    filter: {
      ...(query === undefined ? {} : { text: query }),
      ...(collection === undefined ? {} : { collection }),
      ...(media === undefined ? {} : { media }),
      ...(licence === undefined ? {} : { licence }),
      ...(maker === undefined ? {} : { maker }),
      ...(language === undefined ? {} : { language }),
      ...(level === undefined ? {} : { level }),
      ...(tag === undefined ? {} : { tags: [...tag] }),
      ...(isSized ? { bytes } : {}),
      ...(isDated ? { years } : {}),
    },
    seed,
    ...(sample === undefined ? {} : { sample: numberOf('--sample', sample) }),
    ...(validation === undefined ? {} : { validation: shareOf(validation) }),
    ...(recipe === undefined ? {} : { rendition: recipe }),
  };
}

function numberOf(option: string, text: string): number {
  if (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new ArchiveError('usage_invalid', `${option} takes a whole number, not ${text}`);
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share < 1) || text.trim() === '') {
    throw new ArchiveError(
      'usage_invalid',
      `--validation takes a share from 0 to below 1, not ${text}`,
    );
  }
  return share;
}
