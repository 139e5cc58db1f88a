import type { Command } from 'commander';
import { registerSynthetic, type SyntheticEvent } from '../../archive/register-synthetic.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { countText, printable } from '../printable.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

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
  return withArchive(context, async (archive) => {
    let status: ExitCode = EXIT.done;
    const request = {
      paths,
      generator: options.generator,
      exclude: [archive.paths.home, ...archive.paths.packs],
      signal: context.signal,
    };
    for await (const event of registerSynthetic(request, archive)) {
      tell(event, context.output);
      if (event.event === 'done' && event.failed > 0) status = EXIT.incomplete;
    }
    return status;
  });
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
