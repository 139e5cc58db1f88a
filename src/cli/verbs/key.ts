import type { Command } from 'commander';
import { rotateMember } from '../../archive/operations/govern.ts';
import { EXIT } from '../exit-codes.ts';
import { PASSPHRASE_OPTION, type PassphraseOptions, passphraseOf } from '../passphrase.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { told, typed } from './member.ts';

export function addKey(program: Command, bind: Bind): void {
  const key = program
    .command('key')
    .summary('keys of homes and of makers')
    .description(
      'A maker’s key is a file of its own: "key new", "key import", "key export". A member keeps its id, its ' +
        'first key, whatever keys its home uses. To change one: "key make" in its home, "key rotate" in a ' +
        'steward’s, then "key use" in its home.',
    )
    .addHelpText('after', '\nExample:\n  ringfence key make');
  bind(
    key
      .command('make')
      .summary('make the key that this home is to change to')
      .description(
        'Makes a key and prints it, for a steward to rotate to. The home goes on with the one it has.',
      )
      .addHelpText('after', '\nExample:\n  ringfence key make'),
    make,
  );
  bind(
    key
      .command('rotate')
      .summary('replace a key by a new one')
      .description(
        'Grants a new key to the member and revokes the old one; what the old key wrote so far stands. ' +
          'For a steward it becomes a proposal.',
      )
      .argument('<key>', 'the key that is replaced')
      .requiredOption('--to <key>', 'the new key')
      .addHelpText('after', '\nExample:\n  ringfence key rotate did:key:z6Mk… --to did:key:z6Mk…'),
    rotate,
  );
  bind(
    key
      .command('use')
      .summary('change this home to the key that "key make" made')
      .description(
        'Puts the new key in the place of the old one, which is kept beside it. No node may run for the home.',
      )
      .addHelpText('after', '\nExample:\n  ringfence key use'),
    use,
  );
  bind(
    key
      .command('new')
      .summary('make a maker’s key file')
      .description(
        'Makes an Ed25519 key under a passphrase, in a file of mode 0600, and prints its did:key.',
      )
      .argument('<file>', 'where to write it')
      .option(...PASSPHRASE_OPTION)
      .addHelpText('after', '\nExample:\n  ringfence key new ada.key --passphrase-file words.txt'),
    makeFile,
  );
  bind(
    key
      .command('import')
      .summary('make a maker’s key file out of a PEM')
      .description('Puts an Ed25519 private key in PKCS#8 PEM under a passphrase.')
      .argument('<pem>', 'the private key')
      .requiredOption('--out <file>', 'where to write the key file (required)')
      .option(...PASSPHRASE_OPTION)
      .addHelpText('after', '\nExample:\n  ringfence key import ada.pem --out ada.key'),
    importFile,
  );
  bind(
    key
      .command('export')
      .summary('take the passphrase off a maker’s key file')
      .description(
        'Writes the private key in PKCS#8 PEM, mode 0600, for other programs. Nothing protects it then.',
      )
      .argument('<file>', 'the key file')
      .requiredOption('--out <file>', 'where to write the PEM (required)')
      .option(...PASSPHRASE_OPTION)
      .addHelpText('after', '\nExample:\n  ringfence key export ada.key --out ada.pem'),
    exportFile,
  );
}

const FOR = 'a maker’s key is sealed';

async function makeFile(context: Context, file: string, options: PassphraseOptions) {
  const { newMakerKey } = await import('../../compose/keys/maker-key.ts');
  return toldKey(context, file, await newMakerKey(file, await passphraseOf(options, FOR)));
}

async function importFile(
  context: Context,
  pem: string,
  options: PassphraseOptions & { out: string },
) {
  const { importMakerKey } = await import('../../compose/keys/maker-key.ts');
  const passphrase = await passphraseOf(options, FOR);
  return toldKey(context, options.out, await importMakerKey(pem, options.out, passphrase));
}

async function exportFile(
  context: Context,
  file: string,
  options: PassphraseOptions & { out: string },
) {
  const { exportMakerKey } = await import('../../compose/keys/maker-key.ts');
  const passphrase = await passphraseOf(options, FOR);
  return toldKey(context, options.out, await exportMakerKey(file, options.out, passphrase));
}

function toldKey({ output }: Context, file: string, did: string) {
  output.document({ did, file });
  output.line(did);
  return EXIT.done;
}

async function make({ output, home }: Context) {
  const { makeNextKey } = await import('../../compose/keys/next-key.ts');
  const did = await makeNextKey(home);
  output.document({ did });
  output.line(did);
  output.line(
    'Have a steward run: ringfence key rotate OLD --to THIS; then here: ringfence key use',
  );
  return EXIT.done;
}

async function rotate(context: Context, old: string, options: { readonly to: string }) {
  const input = typed(rotateMember.input, { old, key: options.to });
  for (const ruled of await perform(context, rotateMember, input)) told(context, ruled);
  return EXIT.done;
}

async function use({ output, home }: Context) {
  const { useNextKey } = await import('../../compose/keys/next-key.ts');
  const used = await useNextKey(home);
  output.document(used);
  output.line(`This home is ${used.did} now.`);
  output.line(
    `The old key lies in ${printable(used.kept)}; destroy it when others know the new one.`,
  );
  return EXIT.done;
}
