import type { Command } from 'commander';
import { ArchiveError } from '../core/errors.ts';

/** How options declare what lies on a disk. */
const PLACE = /[<[](dir|folder|file|path)\b/;
const PLACE_NAME = /^(dir|folder|file|path)$/;

/**
 * Refuses an empty text where a file or folder is to be named: it would mean the folder that the command runs
 * in, and comes from a variable that is not set.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function refuseEmptyPlaces(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (!PLACE_NAME.test(argument.name())) continue;
    if (isEmpty(command.processedArgs[index])) throw empty(`the ${argument.name()}`);
  }
  const given = command.optsWithGlobals();
  for (let one: Command | null = command; one !== null; one = one.parent) {
    for (const option of one.options) {
      if (!PLACE.test(option.flags) || !isEmpty(given[option.attributeName()])) continue;
      throw empty(option.long ?? option.flags);
    }
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.includes('') : value === '';
}

function empty(what: string): ArchiveError {
  return new ArchiveError(
    'usage_invalid',
    `${what} is empty; name a file or folder (or a variable is not set: "." is the folder you are in)`,
  );
}

/**
 * Refuses to write over what an archive keeps: `--out home/key.pem` would be the end of a key.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export async function refuseOutInHome(command: Command): Promise<void> {
  const { out } = command.opts<{ out?: unknown }>();
  if (typeof out !== 'string' || out === '-') return;
  const { refuseInHome } = await import('../compose/refuse-in-home.ts');
  await refuseInHome(out);
}
