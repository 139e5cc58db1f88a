import { resolve } from 'node:path';
import type { Command } from 'commander';
import { importCar, listCars, removeCar } from '../../archive/operations/serve-dags.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ServedDag } from '../../core/ports/served-dags.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addCar(program: Command, bind: Bind): void {
  const car = program
    .command('car')
    .summary('DAGs that are served and are no assets')
    .description(
      'Blocks beside the archive: anybody may read them through the gateway, and no statement, ' +
        'verdict, partner or backup knows of them.',
    )
    .addHelpText('after', '\nExample:\n  ringfence car import site.car --serve');
  const add = car
    .command('import')
    .argument('<file>', 'a CAR file, version 1 or 2')
    .option('--serve', 'serve its blocks to whoever asks')
    .summary('serve what is in a CAR file')
    .description(
      'Hashes every block and keeps those of the file, to be read under /ipfs/ of a running node by ' +
        'anybody. One damaged block, and nothing is kept.',
    )
    .addHelpText('after', '\nExample:\n  ringfence car import site.car --serve');
  bind(add, importOne);
  const list = car
    .command('list')
    .summary('what is served')
    .description('Lists what was imported to be served, with its roots.')
    .addHelpText('after', '\nExample:\n  ringfence car list --json');
  bind(list, listAll);
  const remove = car
    .command('remove')
    .argument('<name>', 'an id of "car list", or a root')
    .summary('serve it no more')
    .description('Ends the serving and deletes the blocks. The archive itself is not touched.')
    .addHelpText('after', '\nExample:\n  ringfence car remove bafybei…');
  bind(remove, removeOne);
}

async function importOne(context: Context, file: string, options: { readonly serve?: boolean }) {
  if (options.serve !== true) {
    throw new ArchiveError(
      'usage_invalid',
      'say --serve: anybody may then read what is in the file; for an asset, extract it and "ingest" it',
    );
  }
  const served = await perform(context, importCar, { path: resolve(file) });
  context.output.document(served);
  context.output.line(`Served: ${textOf(served)}`);
  for (const root of served.roots) context.output.line(`  ${root}`);
  return EXIT.done;
}

async function listAll(context: Context) {
  const list = await perform(context, listCars, {});
  context.output.document(list);
  for (const one of list.served) {
    context.output.line(textOf(one));
    for (const root of one.roots) context.output.line(`  ${root}`);
  }
  if (list.served.length === 0) context.output.line('Nothing is served beside the archive.');
  return EXIT.done;
}

async function removeOne(context: Context, name: string) {
  const { removed } = await perform(context, removeCar, { name });
  context.output.document({ removed });
  for (const one of removed) context.output.line(`Removed: ${printable(textOf(one))}`);
  return EXIT.done;
}

function textOf({ id, blocks, bytes }: ServedDag): string {
  return `${id}  ${countOf(blocks, 'block')}, ${bytesText(bytes)}`;
}
