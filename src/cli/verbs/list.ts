import { type Command, Option } from 'commander';
import { timestampOf } from '../../archive/now.ts';
import { ArchiveError } from '../../core/errors.ts';
import { DEFAULT_PURPOSE } from '../../core/policy/purposes.ts';
import type { AssetFilter, AssetSummary } from '../../core/ports/catalog.ts';
import type { Output } from '../output.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withAsker } from '../question.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

interface Options {
  readonly collection?: string;
  readonly media?: string;
  readonly licence?: string;
  readonly maker?: string;
  readonly status?: AssetFilter['status'];
  readonly eligible?: string | true;
  readonly policy: string;
  readonly for: string;
  readonly limit?: string;
  readonly cursor?: string;
}

const PAGE = 500;

export function addList(program: Command, bind: Bind): void {
  const command = withFilters(program.command('list'))
    .summary('show what is in the archive')
    .description('Lists assets in the order in which they arrived.')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence list --eligible ai_generative_training --media image',
    );
  bind(command, (context, options: Options) => list(context, {}, options));
}

export function addSearch(program: Command, bind: Bind): void {
  const command = withFilters(program.command('search'))
    .summary('find assets by words')
    .description('Finds assets whose title, makers, filename, tags or notes hold every word.')
    .argument('<words...>', 'words; a * at the end of one stands for any ending')
    .addHelpText('after', '\nExample:\n  ringfence search tenniel alice --json');
  bind(command, (context, words: readonly string[], options: Options) =>
    list(context, { text: words.join(' ') }, options),
  );
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
    .option(
      '--eligible [purpose]',
      `only what is eligible now (default purpose: ${DEFAULT_PURPOSE})`,
    )
    .option('--limit <n>', 'stop after this many')
    .option('--cursor <cursor>', 'go on where an earlier listing with --limit ended');
}

async function list(context: Context, base: AssetFilter, options: Options) {
  return withArchive(context, async ({ catalog, clock }) => {
    const filter = { ...base, ...filterOf(options, timestampOf(clock)) };
    let left = options.limit === undefined ? Number.POSITIVE_INFINITY : limitOf(options.limit);
    let cursor = options.cursor;
    let shown = 0;
    while (left > 0) {
      const limit = Math.min(PAGE, left);
      const page = catalog.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      for (const asset of page.assets) show(asset, context.output);
      shown += page.assets.length;
      left -= page.assets.length;
      cursor = page.cursor;
      if (cursor === undefined) break;
      context.signal.throwIfAborted();
      // Lets an interruption in, and the reader of a pipe catch up.
      await context.output.flush();
    }
    context.output.line(shown === 0 ? 'Nothing matches.' : countOf(shown, 'asset'));
    if (cursor !== undefined) context.output.notice(`more: --cursor ${cursor}`);
    return undefined;
  });
}

function filterOf(options: Options, now: string): AssetFilter {
  const { collection, media, licence, maker, status, eligible } = options;
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(media === undefined ? {} : { media }),
    ...(licence === undefined ? {} : { licence }),
    ...(maker === undefined ? {} : { maker }),
    ...(status === undefined ? {} : { status }),
    ...(eligible === undefined
      ? {}
      : { verdict: { is: 'eligible', ...questionOf(withPurpose(options), now) } }),
  };
}

/** `--eligible` names the purpose, or stands alone for the default one. */
function withPurpose({ eligible, ...options }: Options): QuestionOptions {
  return typeof eligible === 'string' ? { ...options, purpose: eligible } : options;
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
  output.line(`${asset.cid}  ${size.padStart(7)}  ${printable(words)}`);
}

/** Nobody has deposited it, so it has no title, and the ledger does not say its size. */
function isOnlyRegistered({ status, title, creators }: AssetSummary): boolean {
  return status === 'synthetic' && title === '' && creators.length === 0;
}
