import type { Command } from 'commander';
import { rotateMember, setReaders } from '../../archive/operations/govern.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { told, typed } from './member.ts';

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

export function addKey(program: Command, bind: Bind): void {
  const key = program
    .command('key')
    .summary('change a member’s key')
    .description('A member keeps its id, its first key, whatever keys it uses.')
    .addHelpText('after', '\nExample:\n  ringfence key rotate did:key:z6Mk… --to did:key:z6Mk…');
  bind(
    key
      .command('rotate')
      .summary('replace a key by a new one')
      .description(
        'Grants a new key to the member and revokes the old one; what the old key wrote so far stands. ' +
          'For a steward it becomes a proposal.',
      )
      .argument('<key>', 'the key that is replaced')
      .requiredOption('--to <key>', 'the new key')
      .addHelpText('after', '\nExample:\n  ringfence key rotate did:key:z6Mk… --to did:key:z6Mk…'),
    rotate,
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

async function rotate(context: Context, old: string, options: { readonly to: string }) {
  const input = typed(rotateMember.input, { old, key: options.to });
  for (const ruled of await perform(context, rotateMember, input)) told(context, ruled);
  return EXIT.done;
}
