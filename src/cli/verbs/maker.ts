import type { Command } from 'commander';
import { vouchForMaker } from '../../archive/operations/make-claims.ts';
import { EXIT } from '../exit-codes.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';

export function addMaker(program: Command, bind: Bind): void {
  const maker = program
    .command('maker')
    .summary('say whose key it is')
    .description('Makers sign with keys of their own; a steward says whose they are.')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence maker vouch did:key:z6Mk… bafkrei… --name "Ada Lovelace"',
    );
  const vouch = maker
    .command('vouch')
    .summary('say that a key is a maker’s')
    .description(
      'Records that you, a steward, have seen that a key belongs to a maker whom the deposits name. ' +
        'Without it a claim by that key is only claimed.',
    )
    .argument('<key>', 'did:key of the maker');
  bind(
    withSubject(vouch)
      .requiredOption('--name <name>', 'the maker’s name, as the deposits have it (required)')
      .addHelpText(
        'after',
        '\nExample:\n  ringfence maker vouch did:key:z6Mk… bafkrei… --name "Ada Lovelace"',
      ),
    runVouch,
  );
}

async function runVouch(
  context: Context,
  key: string,
  cid: string | undefined,
  options: SubjectOptions & { readonly name: string },
) {
  const input = { key, maker: options.name, subject: await subjectNamed(cid, options) };
  const result = await perform(context, vouchForMaker, input);
  context.output.document(result);
  context.output.line(`Vouched in entry ${result.entry}`);
  return EXIT.done;
}
