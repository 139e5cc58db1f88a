import { isatty } from 'node:tty';

/**
 * Says whether a standard stream is a terminal. Where none is, the hang-up of a terminal (SIGHUP) is of no concern:
 * "nohup" of GNU and of BusyBox leads all three elsewhere. That it had SIGHUP ignored cannot be found out, for Node
 * has every ignored signal at its default again before a line of the program runs.
 */
export function hasTerminal(): boolean {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}
