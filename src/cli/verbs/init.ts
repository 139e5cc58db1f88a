import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import type { Bind, Context } from '../session.ts';

interface Options {
  readonly name?: string;
  readonly institution?: string;
  readonly packs?: readonly string[];
}

export function addInit(program: Command, bind: Bind): void {
  const command = program
    .command('init')
    .summary('found an archive')
    .description(
      'Founds an archive in the home folder. A key is made there; it is the founding steward.',
    )
    .option('--name <name>', 'name of the archive (default: the folder)')
    .option(
      '--institution <name>',
      'vet your own institution for custody; its word then counts as class K, and every verdict says that it is self-vetted',
    )
    .option(
      '--packs <folder...>',
      'folders that hold the bytes, apart from ledger and catalog; they may lie on other disks',
    )
    .addHelpText(
      'after',
      '\nExample:\n  ringfence init --name "Print Room" --institution "City Museum"',
    );
  bind(command, init);
}

async function init({ output, home }: Context, options: Options) {
  const { foundArchive } = await import('../../compose/founding/found-archive.ts');
  const founded = await foundArchive(home, options);
  output.document(founded);
  output.line(`Founded ${printable(founded.name)} in ${printable(home)}`);
  output.line(`  address  ${founded.address}`);
  output.line(`  steward  ${founded.did}`);
  if (founded.institution !== null) {
    output.line(`  custody  ${printable(founded.institution)} (self-vetted)`);
  }
  output.line('Keep the key file key.pem safe: whoever has it is the steward.');
  output.line('Next: ringfence ingest FOLDER --catalog FILE.csv');
  return EXIT.done;
}
