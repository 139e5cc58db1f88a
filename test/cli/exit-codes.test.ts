import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_OF_CODE, EXIT_TEXTS } from '../../src/cli/exit-codes.ts';
import { createProgram } from '../../src/cli/program.ts';
import { ERROR_CODES } from '../../src/core/errors.ts';

describe('exit statuses', () => {
  it('gives every error code a status other than done', () => {
    for (const code of ERROR_CODES) expect(EXIT_OF_CODE[code], code).not.toBe(EXIT.done);
  });

  it('are all different, and all explained in --help', () => {
    const statuses = Object.values(EXIT);
    expect(new Set(statuses).size).toBe(statuses.length);
    let help = '';
    const program = createProgram(() => undefined);
    program.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    program.outputHelp();
    for (const [name, text] of Object.entries(EXIT_TEXTS)) expect(help, name).toContain(text);
  });
});

describe('the command line', () => {
  it('shows an example in the help of every verb', () => {
    for (const verb of verbsOf(createProgram(() => undefined))) {
      let help = '';
      verb.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      verb.outputHelp();
      expect(help, verb.name()).toContain('Example:');
    }
  });
});

type Program = ReturnType<typeof createProgram>;

/** The commands that do something, without those that only hold others. */
function verbsOf(program: Program): Program[] {
  return program.commands.flatMap((command) =>
    command.commands.length === 0 ? [command] : verbsOf(command),
  );
}
