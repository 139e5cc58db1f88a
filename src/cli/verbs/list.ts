import { type Command, Option } from 'commander';
import { listAssets } from '../../archive/operations/list-assets.ts';
import { ArchiveError } from '../../core/errors.ts';
import { DEFAULT_PURPOSE } from '../../core/policy/purposes.ts';
import type { AssetSummary } from '../../core/ports/asset-lists.ts';
import type { AssetStatus } from '../../core/ports/asset-views.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withAsker } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface Options {
  readonly collection?: string;
  readonly media?: string;
  readonly licence?: string;
  readonly maker?: string;
  readonly status?: AssetStatus;
  readonly work?: string;
  readonly byWork?: true;
  readonly eligible?: string | true;
  readonly policy: string;
  readonly for: string;
  readonly limit?: string;
  readonly cursor?: string;
}

export function addList(program: Command, bind: Bind): void {
  const command = withFilters(program.command('list'))
    .summary('show what is in the archive')
    .description('Lists assets in the order in which they arrived.')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence list --eligible ai_generative_training --media image',
    );
  bind(command, (context, options: Options) => {
    refuseIdleQuestion(command);
    return list(context, {}, options);
  });
}

export function addSearch(program: Command, bind: Bind): void {
  const command = withFilters(program.command('search'))
    .summary('find assets by words')
    .description('Finds assets whose title, makers, filename, tags or notes hold every word.')
    .argument('<words...>', 'words; a * at the end of one stands for any ending')
    .addHelpText('after', '\nExample:\n  ringfence search tenniel alice --json');
  bind(command, (context, words: readonly string[], options: Options) => {
    refuseIdleQuestion(command);
    return list(context, { text: words.join(' ') }, options);
  });
}

function withFilters(command: Command): Command {
  return withAsker(command)
    .option('--collection <name>', 'only this collection')
    .option('--media <type>', 'only this media type, or its first part: image, image/png')
    .option('--licence <id>', 'only this licence, as "show" spells it')
    .option('--maker <name>', 'only works of this maker, by the whole name')
    .addOption(
      new Option('--status <status>', 'only assets in this state').choices([
        'deposited',
        'synthetic',
        'withdrawn',
        'removed',
      ]),
    )
    .option('--work <id>', 'only parts of this work, by the id that --json gives')
    .option('--by-work', 'of the parts of one work only the first, of those that match')
    .option(
      '--eligible [purpose]',
      `only what is eligible now (default purpose: ${DEFAULT_PURPOSE})`,
    )
    .option('--limit <n>', 'stop after this many')
    .option('--cursor <cursor>', 'go on where an earlier listing with --limit ended');
}

async function list(context: Context, base: { readonly text?: string }, options: Options) {
  const { output } = context;
  const input = { ...inputOf(options), filter: { ...base, ...filterOf(options) } };
  const { shown, cursor } = await perform(context, listAssets, input, (asset) =>
    show(asset, output),
  );
  const more = cursor === null ? '' : ', and there are more';
  output.line(shown === 0 ? 'Nothing matches.' : `${countOf(shown, 'asset')}${more}`);
  if (cursor !== null) output.notice(`the next ones: the same with --cursor ${cursor}`);
  return EXIT.done;
}

function inputOf(options: Options) {
  const { eligible, limit, cursor, byWork } = options;
  return {
    ...(eligible === undefined ? {} : { eligible: questionOf(withPurpose(options)) }),
    ...(limit === undefined ? {} : { limit: limitOf(limit) }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(byWork === undefined ? {} : { by: 'work' as const }),
  };
}

function filterOf({ collection, media, licence, maker, status, work }: Options) {
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(media === undefined ? {} : { media }),
    ...(licence === undefined ? {} : { licence }),
    ...(maker === undefined ? {} : { maker }),
    ...(status === undefined ? {} : { status }),
    ...(work === undefined ? {} : { work }),
  };
}

/** `--eligible` names the purpose, or stands alone for the default one. */
function withPurpose({ eligible, ...options }: Options): QuestionOptions {
  return typeof eligible === 'string' ? { ...options, purpose: eligible } : options;
}

/** What says how to decide would be passed over in silence where nothing is to be decided. */
function refuseIdleQuestion(command: Command): void {
  if (command.getOptionValue('eligible') !== undefined) return;
  for (const name of ['policy', 'for']) {
    if (command.getOptionValueSource(name) !== 'cli') continue;
    throw new ArchiveError(
      'usage_invalid',
      `--${name} says how to decide what is eligible; add --eligible, or leave it out`,
    );
  }
}

function limitOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ArchiveError('usage_invalid', `--limit takes a whole number from 1, not ${text}`);
  }
  return count;
}

function show(asset: AssetSummary, output: Output): void {
  output.document(asset);
  const makers = asset.creators.length === 0 ? 'no maker named' : asset.creators.join('; ');
  const size = isOnlyRegistered(asset) ? '' : bytesText(asset.size);
  const words = isOnlyRegistered(asset) ? 'registered as generated' : `${asset.title} — ${makers}`;
  const parts = asset.work === null ? '' : ` (${partText(asset.work)})`;
  output.line(`${asset.cid}  ${size.padStart(7)}  ${printable(words)}${parts}`);
}

function partText({ part, parts }: NonNullable<AssetSummary['work']>): string {
  return `part${part === null ? '' : ` ${part}`}${parts === null ? '' : ` of ${parts}`}`;
}

/** Nobody has deposited it, so it has no title, and the ledger does not say its size. */
function isOnlyRegistered({ status, title, creators }: AssetSummary): boolean {
  return status === 'synthetic' && title === '' && creators.length === 0;
}
