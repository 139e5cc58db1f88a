import type { Command } from 'commander';
import { parseDid } from '../../archive/typed-names.ts';
import { secondsIn } from '../duration.ts';
import { EXIT } from '../exit-codes.ts';
import type { Bind, Context } from '../session.ts';

interface Options {
  readonly expires: string;
  readonly for?: string;
  readonly at?: string;
}

export function addSignUrl(program: Command, bind: Bind): void {
  const command = program
    .command('sign-url')
    .summary('make a URL that opens one path, for tools that carry nothing else')
    .description(
      'Signs a URL with this home’s key. Until it ends, whoever has it may read that path and what is below ' +
        'it at the node, as far as this home may then: once its key is revoked, the URL is dead.',
    )
    .argument('<path>', '/ipfs/CID, /d/NAME/VERSION or /api/v1/assets, or a path below them')
    .option('--expires <duration>', 'how long it lives: 90s, 10m, 1h, 7d at most', '1h')
    .option('--for <key>', 'the key of the node (default: this home’s)')
    .option('--at <url>', 'where the node is reached (default: where this home’s answers)')
    .addHelpText('after', '\nExample:\n  ringfence sign-url /ipfs/bafkrei… --expires 1h');
  bind(command, signUrl);
}

async function signUrl({ output, home }: Context, path: string, options: Options) {
  const { homeUrl } = await import('../../compose/keys/home-token.ts');
  const { nodeUrl } = await import('../../compose/files/node-file.ts');
  const audience = options.for === undefined ? undefined : parseDid(options.for);
  const signed = await homeUrl(home, { path, lifeS: secondsIn(options.expires), audience });
  const url = `${(options.at ?? nodeUrl(home)).replace(/\/$/, '')}${signed}`;
  output.document({ url });
  output.line(url);
  return EXIT.done;
}
