import { resolve } from 'node:path';
import type { Command } from 'commander';
import { takeSynthetic } from '../../archive/operations/take-files.ts';
import type { SyntheticEvent } from '../../archive/register-synthetic.ts';
import { EXIT } from '../exit-codes.ts';
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
      'Registers generated files, so that they are recognised when somebody offers them. A match of ' +
        'bytes holds an asset back; it brands nobody. A registration cannot be taken back yet.',
    )
    .argument('<path...>', 'files and folders')
    .requiredOption('--generator <name>', 'name of the generator, such as comfyui (required)')
    .addHelpText('after', '\nExample:\n  ringfence synthetic add outputs/ --generator comfyui');
  bind(command, add);
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
  } else if (event.event === 'failed') {
    if (!output.json) output.notice(`not taken: ${printable(event.text)} [${event.code}]`);
  } else {
    output.line(
      `${countText(event.registered)} registered, ${countText(event.known)} known before, ` +
        `${countText(event.failed)} failed`,
    );
  }
}
