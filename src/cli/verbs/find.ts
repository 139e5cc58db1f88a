import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findWork } from '../../archive/operations/find-work.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addFind(program: Command, bind: Bind): void {
  const command = program
    .command('find')
    .summary('find what a file is, or is like')
    .description(
      'Looks whether the archive has a file: the same bytes, or a picture, text or sound that is like it, with how ' +
        'many of 256 bits of their fingerprints differ. The file is not taken in. That nothing is found is an answer.',
    )
    .argument('<file>', 'file to look for')
    .addHelpText('after', '\nExample:\n  ringfence find photo.jpg');
  bind(command, find);
}

async function find(context: Context, file: string) {
  const { output } = context;
  const answer = await perform(context, findWork, { path: resolve(file) });
  output.document(answer);
  const how = answer.compared === null ? 'by its bytes alone' : `as ${answer.compared}`;
  output.line(
    `${printable(file)} was compared ${how}: ${countOf(answer.found.length, 'asset')} found`,
  );
  for (const { cid, likeness, distances, title, status } of answer.found) {
    const bits = Object.entries(distances).map(([code, distance]) => `${code} ${distance}`);
    const words = [likeness.padEnd(8), cid, printable(title), status ?? '', bits.join(', ')];
    output.line(words.filter((word) => word !== '').join('  '));
  }
  return EXIT.done;
}
