import type { Command } from 'commander';
import { setReaders } from '../../archive/operations/govern.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

export function addCollection(program: Command, bind: Bind): void {
  const collection = program
    .command('collection')
    .summary('say who may read a collection')
    .description('A collection is readable by its depositor’s organisation until more is said.')
    .addHelpText('after', '\nExample:\n  ringfence collection set prints --members');
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
      .addHelpText('after', '\nExample:\n  ringfence collection set prints --public'),
    set,
  );
}

async function set(
  context: Context,
  name: string,
  options: { readonly public?: boolean; readonly members?: boolean; readonly readers?: string[] },
) {
  const visibility = options.public ? 'public' : options.members ? 'members' : 'organisation';
  const input = typed(setReaders.input, { name, visibility, readers: options.readers ?? [] });
  const done = await perform(context, setReaders, input);
  context.output.document(done);
  context.output.line(`${printable(name)} is readable by ${WHO[visibility]}: entry ${done.entry}`);
  return EXIT.done;
}

const WHO = {
  public: 'everybody',
  members: 'all members',
  organisation: 'its organisation and the readers named',
} as const;
