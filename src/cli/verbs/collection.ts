import type { Command } from 'commander';
import {
  type AddedEvent,
  addWorks,
  listCollections,
  setReaders,
} from '../../archive/operations/keep-collections.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { countOf, countText, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { subjectNamed } from '../subject.ts';
import { typed } from './member.ts';

export function addCollection(program: Command, bind: Bind): void {
  const collection = program
    .command('collection')
    .summary('list collections, add works to one, say who may read it')
    .description('A collection is readable by its depositor’s organisation until more is said.')
    .addHelpText('after', '\nExample:\n  ringfence collection set prints --members');
  bind(
    collection
      .command('list')
      .summary('list the collections of this home')
      .description('Lists the collections that this home deposits into, and who may read each.')
      .addHelpText('after', '\nExample:\n  ringfence collection list'),
    list,
  );
  bind(
    collection
      .command('add')
      .summary('put works into a further collection')
      .description(
        'Deposits works that lie here already, and that this organisation has deposited, into a further ' +
          'collection, which is made if there is none of that name. Their bytes are read first. They stay in ' +
          'the collections that they lie in: whoever may read one of them may read the work.',
      )
      .argument('<name>', 'name of the collection')
      .argument('[cid...]', 'the works')
      .option('--set <file|cid>', 'a file with one CID a line, or the CID of a set')
      .addHelpText('after', '\nExample:\n  ringfence collection add prints bafkrei…'),
    add,
  );
  bind(
    collection
      .command('set')
      .summary('set who may read it')
      .description(
        'Sets who may read a collection: this organisation, named others, all members, everybody.',
      )
      .argument('<name>', 'name of the collection')
      .option('--public', 'everybody')
      .option('--members', 'all members')
      .option('--readers <organisation...>', 'ids of organisations that may read it as well')
      .option('--new', 'say it of a collection that no work is in yet')
      .addHelpText('after', '\nExample:\n  ringfence collection set prints --public'),
    set,
  );
}

async function set(
  context: Context,
  name: string,
  options: {
    readonly public?: boolean;
    readonly members?: boolean;
    readonly readers?: string[];
    readonly new?: boolean;
  },
) {
  if (options.public && options.members) {
    throw new ArchiveError('usage_invalid', '--public and --members: give one of them');
  }
  const visibility = options.public ? 'public' : options.members ? 'members' : 'organisation';
  const { readers = [], new: isNew = false } = options;
  const input = typed(setReaders.input, { name, visibility, readers, isNew });
  const done = await perform(context, setReaders, input);
  context.output.document(done);
  context.output.line(`${printable(name)} is readable by ${WHO[visibility]}: entry ${done.entry}`);
  return EXIT.done;
}

async function list(context: Context) {
  for (const one of await perform(context, listCollections, {})) {
    const { name, assets, visibility, readers } = one;
    context.output.document(one);
    const others = readers.length === 0 ? '' : `: ${readers.join(', ')}`;
    const count = countOf(assets, 'asset');
    context.output.line(`${printable(name)}  ${count}, read by ${WHO[visibility]}${others}`);
  }
  return EXIT.done;
}

async function add(
  context: Context,
  name: string,
  assets: readonly string[],
  options: { readonly set?: string },
) {
  const which =
    assets.length > 0 && options.set === undefined
      ? { assets: [...assets] }
      : await subjectNamed(assets[0], options);
  const { output } = context;
  const done = await perform(context, addWorks, { name, which }, (event) => tell(event, output));
  const { added, unchanged, failed } = done;
  output.document({ event: 'done', ...done });
  const here = unchanged === 0 ? '' : `, ${countText(unchanged)} there already`;
  output.line(
    `${countText(added)} added to ${printable(name)}${here}, ${countText(failed)} failed`,
  );
  return failed > 0 ? EXIT.incomplete : EXIT.done;
}

function tell(event: AddedEvent, output: Output): void {
  output.document(event);
  if (event.event !== 'failed') output.line(`${event.cid}  ${event.event}`);
  else if (!output.json) output.notice(`not added: ${printable(event.text)} [${event.code}]`);
}

const WHO = {
  public: 'everybody',
  members: 'all members',
  organisation: 'its organisation and the readers named',
} as const;
