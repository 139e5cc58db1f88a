import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ArchiveError } from '../core/errors.ts';
import { onFile } from '../core/file-fault.ts';

export interface SubjectOptions {
  readonly set?: string;
}

/** What a statement is about, as operations take it. */
export type Subject = { assets: string[] } | { set: string };

export function withSubject(command: Command): Command {
  return command
    .argument('[cid]', 'CID of the asset')
    .option(
      '--set <file|cid>',
      'a file with one CID a line, or the CID of a set, instead of one CID',
    );
}

/** @throws {ArchiveError} `usage_invalid` unless there is one of both; `file_unreadable`. */
export async function subjectNamed(
  text: string | undefined,
  { set }: SubjectOptions,
): Promise<Subject> {
  if ((text === undefined) === (set === undefined)) {
    throw new ArchiveError(
      'usage_invalid',
      'give one CID, or --set with a file or the CID of a set',
    );
  }
  if (text !== undefined) return { assets: [text] };
  const named = set ?? '';
  if (/^bafyrei[a-z2-7]{52}$/.test(named)) return { set: named };
  const lines = (await onFile(named, () => readFile(named, 'utf8'))).split('\n');
  const assets = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (assets.length === 0) throw new ArchiveError('usage_invalid', `${named} names no asset`);
  return { assets };
}
