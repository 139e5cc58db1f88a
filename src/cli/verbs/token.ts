import type { Command } from 'commander';
import { parseDid } from '../../archive/typed-names.ts';
import { EXIT } from '../exit-codes.ts';
import type { Bind, Context } from '../session.ts';

export function addToken(program: Command, bind: Bind): void {
  const command = program
    .command('token')
    .summary('sign in at a node over HTTP')
    .description(
      'Prints a token that signs this home’s key in for ten minutes, at its own node or at the one that is named. ' +
        'Whoever has it is taken for you that long.',
    )
    .option('--for <key>', 'the key of the node (default: this home’s)')
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "Authorization: Bearer $(ringfence token)" 127.0.0.1:8080/api/v1/assets',
    );
  bind(command, token);
}

async function token({ output, home }: Context, options: { readonly for?: string }) {
  const { homeToken } = await import('../../compose/keys/home-token.ts');
  const audience = options.for === undefined ? undefined : parseDid(options.for);
  const made = await homeToken(home, audience);
  output.document({ token: made });
  output.line(made);
  return EXIT.done;
}
