import { type Command, CommanderError } from 'commander';
import { homeFolder, readEnvironment } from '../compose/settings/environment.ts';
import { ArchiveError, asArchiveError } from '../core/errors.ts';
import { EXIT, EXIT_OF_CODE, type ExitCode } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';
import { printable } from './printable.ts';
import { createProgram } from './program.ts';
import { refuseEmptyPlaces, refuseOutInHome } from './refuse-places.ts';
import type { Context } from './session.ts';
import { hasTerminal } from './terminal.ts';

/** Runs the command line and returns the exit status. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // Whoever asks twice does not want to wait.
      if (interruption.signal.aborted) process.exit(EXIT.interrupted);
      interruption.abort(new ArchiveError('aborted', 'interrupted'));
    });
  }
  // A terminal that closes is told of by the system and by its shell: two of these are no wish to hurry.
  const isWatched = hasTerminal();
  process.on('SIGHUP', () => {
    if (isWatched) interruption.abort(new ArchiveError('aborted', 'its terminal closed'));
  });
  let lost: ExitCode | undefined;
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    lost ??= lostAnswer(fault);
    if (!output.outlivesReader) process.exit(lost);
  });
  // Where nobody listens to progress and complaints, the work goes on.
  process.stderr.on('error', () => {});

  const output = createOutput({
    json: args.includes('--json'),
    stdout: process.stdout,
    stderr: process.stderr,
    clock: Date.now,
  });
  let status: ExitCode = EXIT.done;
  const program = createProgram((command, work) => {
    command.action(async (...inputs: unknown[]) => {
      refuseEmptyPlaces(command);
      await refuseOutInHome(command);
      const { home } = command.optsWithGlobals<{ home?: string }>();
      const context: Context = {
        output,
        signal: interruption.signal,
        home: homeFolder(home, readEnvironment()),
      };
      // Commander gives the verb's arguments and options in the order that the verb declared them.
      status = await work(context, ...(inputs.slice(0, -1) as never[]));
    });
  });
  prepare(program, output);
  try {
    await program.parseAsync(withoutHelpVerb(program, args), { from: 'user' });
  } catch (error) {
    status = failed(error, output);
  }
  await output.flush();
  return status === EXIT.done ? (lost ?? status) : status;
}

/** The reader of a pipe may go away (`| head`): that is no failure. Any other loss of the answer is one, and told. */
function lostAnswer({ code }: NodeJS.ErrnoException): ExitCode {
  if (code === 'EPIPE') return EXIT.done;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const way = isFull ? 'make room where stdout goes' : 'look where stdout goes';
  process.stderr.write(
    `ringfence: the answer is lost, for stdout cannot be written (${code}); ${way}, and ask again [${isFull ? 'disk_full' : 'file_unreadable'}]\n`,
  );
  return isFull ? EXIT.full : EXIT.failed;
}

/** Commander would end the process itself, with status 1, and complain in words of its own. */
function prepare(command: Command, output: Output, name = command.name()): void {
  command.exitOverride().configureOutput({
    writeErr: (text) => {
      if (!output.json) process.stderr.write(text);
    },
    outputError: (text, write) =>
      write(`ringfence: ${mistakeIn(text)}; see "${name} --help" [usage_invalid]\n`),
  });
  for (const child of command.commands) prepare(child, output, `${name} ${child.name()}`);
}

/**
 * Returns `release cut --help` for `help release cut`, and `relase` for `help relase`, which is refused with the
 * nearest verb: commander shows another help than was asked for.
 */
function withoutHelpVerb(program: Command, args: readonly string[]): string[] {
  const verb = args.findIndex((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--home');
  if (args[verb] !== 'help') return [...args];
  const asked = args.toSpliced(verb, 1);
  let command = program;
  for (const word of args.slice(verb + 1)) {
    if (command.commands.length === 0 || word.startsWith('-')) break;
    const child = command.commands.find((one) => one.name() === word);
    if (child === undefined) return asked;
    command = child;
  }
  return [...asked, '--help'];
}

/** Returns what commander found wrong, on one line. */
function mistakeIn(message: string): string {
  const text = oneLine(message.replace(/^error: /, '')).replace(/\.$/, '');
  return text === '(outputHelp)' ? 'no verb is given; "--help" lists them' : printable(text);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

function failed(error: unknown, output: Output): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    const message = mistakeIn(error.message);
    output.document({ error: { code: 'usage_invalid', message, retryable: false } });
    return EXIT.usage;
  }
  const { code, message, retryable, cause } = asArchiveError(error);
  if (output.json) output.document({ error: { code, message, retryable } });
  else output.notice(`ringfence: ${printable(oneLine(message))} [${code}]`);
  if (code === 'internal' && cause instanceof Error) output.notice(cause.stack ?? '');
  return EXIT_OF_CODE[code];
}
