import type { Command } from 'commander';
import { showSettings } from '../../archive/operations/show-settings.ts';
import { settingsTable } from '../../compose/settings/settings-table.ts';
import type { EffectiveSetting } from '../../core/ports/settings.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addConfig(program: Command, bind: Bind): void {
  const command = program
    .command('config')
    .summary('print the settings that hold')
    .description(
      'Prints every setting of the home with where its value comes from; secrets are masked. An option of ' +
        '"serve" overrules an environment variable, a variable overrules ringfence.json. A running node is ' +
        'asked for its own environment and options; what the file says since it started, it goes by when it starts again.',
    )
    .addHelpText('after', '\nExample:\n  ringfence config --json')
    .addHelpText('after', () => `\nSettings:\n${helpLines().join('\n')}`);
  bind(command, config);
}

async function config(context: Context) {
  const shown = await perform(context, showSettings, {});
  context.output.document(shown);
  const widest = Math.max(...shown.settings.map(({ name }) => name.length));
  for (const setting of shown.settings) {
    const value = setting.value === null ? '' : JSON.stringify(setting.value);
    const line = `${setting.name.padEnd(widest)}  ${printable(value)}`;
    context.output.line(`${line.trimEnd()}  (${sourceText(setting)})`);
  }
  return EXIT.done;
}

function sourceText({ source, variable, value }: EffectiveSetting): string {
  if (source === 'default') return value === null ? 'not set' : 'default';
  if (source === 'file') return 'ringfence.json';
  return source === 'variable' ? variable : 'option of serve';
}

function helpLines(): string[] {
  return settingsTable().flatMap(({ name, variable, form, means }) => [
    `  ${name}, ${variable} (${form})`,
    `      ${means}`,
  ]);
}
