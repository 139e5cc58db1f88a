import { asArchiveError } from './errors.ts';

/** Errors whose messages the engine writes about the program, and not about what it was given. */
const OF_THE_PROGRAM = [TypeError, RangeError, ReferenceError];

/**
 * Returns where a defect of the program happened, for the log: names and places of the error and of its
 * causes. Messages may quote what people wrote, or a secret, so they are left out, except those of the
 * engine about the program itself; those of Node, which have a `code`, quote what was given.
 */
export function defectText(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const isOfProgram = code === undefined && OF_THE_PROGRAM.some((one) => error instanceof one);
  const said = isOfProgram ? `: ${error.message}` : '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const head = `${error.name}${code === undefined ? '' : ` [${code}]`}${said}`;
  const cause = error.cause === undefined ? [] : [`caused by ${defectText(error.cause)}`];
  return [head, ...places, ...cause].join('\n');
}

/** Returns what a log says of a failure: the sentence of one that a caller can act on, else its places. */
export function failureText(error: unknown): string {
  const { code, message, cause } = asArchiveError(error);
  return code === 'internal' ? defectText(cause) : message;
}
