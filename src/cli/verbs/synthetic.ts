import { resolve } from 'node:path';
import type { Command } from 'commander';
import { matchText } from '../../archive/matching/hold-matches.ts';
import type { SyntheticEvent } from '../../archive/matching/register-synthetic.ts';
import { scanRegistry, showMatches } from '../../archive/operations/match-synthetic.ts';
import { takeSynthetic } from '../../archive/operations/take-files.ts';
import { EXIT } from '../exit-codes.ts';
import { matchLines } from '../match-lines.ts';
import type { Output } from '../output.ts';
import { countText, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addSynthetic(program: Command, bind: Bind): void {
  const synthetic = program
    .command('synthetic')
    .summary('register generated output')
    .description('Keeps the registry of generated works.')
    .addHelpText('after', '\nExample:\n  ringfence synthetic add outputs/ --generator comfyui');
  const command = synthetic
    .command('add')
    .summary('register files as output of a generator')
    .description(
      'Registers generated files, so that they are recognised when somebody offers them. What is like ' +
        'one of them is held back; that brands nobody. A registration cannot be taken back yet.',
    )
    .argument('<path...>', 'files and folders')
    .requiredOption('--generator <name>', 'name of the generator, such as comfyui (required)')
    .addHelpText('after', '\nExample:\n  ringfence synthetic add outputs/ --generator comfyui');
  bind(command, add);
  const shown = synthetic
    .command('matches')
    .summary('show what an asset shares with the registry')
    .description(
      'Shows the registered works that an asset is like, or the deposited ones that a registered work is ' +
        'like, side by side: in how many of 256 bits each code differs, and what holds it.',
    )
    .argument('<cid>', 'an asset')
    .addHelpText('after', '\nExample:\n  ringfence synthetic matches bafkrei…');
  bind(shown, matches);
  const scanned = synthetic
    .command('scan')
    .summary('compare the registry with the whole archive')
    .description(
      'Holds every deposited asset that is like a registered one and is not held for it yet. Run it after ' +
        'registrations have come from partners.',
    )
    .addHelpText('after', '\nExample:\n  ringfence synthetic scan');
  bind(scanned, scan);
}

async function matches(context: Context, asset: string) {
  const { output } = context;
  const result = await perform(context, showMatches, { asset });
  output.document(result);
  if (result.matches.length === 0) output.line('like nothing on the other side of the registry');
  for (const match of result.matches) for (const line of matchLines(match)) output.line(line);
  return EXIT.done;
}

async function scan(context: Context) {
  const { output } = context;
  const result = await perform(context, scanRegistry, {}, (match) => {
    output.document({ event: 'match', ...match });
    output.line(`held: ${matchText(match)}`);
  });
  output.document({ event: 'done', ...result });
  output.line(`${countText(result.compared)} registered compared, ${countText(result.held)} held`);
  return EXIT.done;
}

async function add(context: Context, paths: readonly string[], options: { generator: string }) {
  const { generator } = options;
  const input = { paths: paths.map((path) => resolve(path)), generator };
  const { failed } = await perform(context, takeSynthetic, input, (event) =>
    tell(event, context.output),
  );
  return failed > 0 ? EXIT.incomplete : EXIT.done;
}

function tell(event: SyntheticEvent, output: Output): void {
  output.document(event);
  if (event.event === 'registered') {
    output.line(`${event.cid}  ${printable(event.subject)}`);
  } else if (event.event === 'match') {
    output.line(`held: ${matchText(event)}`);
  } else if (event.event === 'failed') {
    if (!output.json) output.notice(`not taken: ${printable(event.text)} [${event.code}]`);
  } else {
    output.line(
      `${countText(event.registered)} registered, ${countText(event.known)} known before, ` +
        `${countText(event.failed)} failed`,
    );
  }
}
