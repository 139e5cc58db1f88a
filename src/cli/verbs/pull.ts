import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDid } from '../../archive/typed-names.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import type { Bind, Context } from '../session.ts';
import { type SourceOptions, sourceOf, withSource } from '../source.ts';

interface Options extends SourceOptions {
  readonly out: string;
  readonly update?: string | true;
  readonly curator?: string;
  readonly parallel: string;
}

export function addPull(program: Command, bind: Bind): void {
  const command = program
    .command('pull')
    .summary('bring a release here, without what was withdrawn')
    .description(
      'Fetches a release from one node or several, and checks every block against its CID and every ' +
        'signature, from the curator’s manifest on, and has the pull recorded. What any of the nodes holds back ' +
        'is left out. A multiaddr, or the CID of the release read through the gateway of IPFS_GATEWAY, gives a ' +
        'release as it was cut, and nobody says then what was withdrawn. It needs no archive. Broken off, it goes on where it was when it is run again. Exits with 3 ' +
        'if no node has given a receipt.',
    )
    .argument('[release]', 'NAME@VERSION, or its CID (default: that of the folder of --update)')
    .requiredOption('--out <dir>', 'folder to write to (required)')
    .option(
      '--update [dir]',
      'take what has not changed from this folder, and list what to skip there in skip.txt; without a folder, ' +
        '--out is that folder and what is new lies beside it, as DIR-2',
    )
    .option('--curator <key>', 'who must have cut it (default: the key that is seen first)')
    .option('--parallel <n>', 'files that come at once, 1 to 64', '8');
  withSource(command).addHelpText(
    'after',
    '\nExample:\n  npx ringfence pull prints@1.0.0 --from https://archive.example --out data/\n' +
      '  npx ringfence pull --update data/ --out data-new/\n' +
      '  npx ringfence pull bafybei… --from /ip4/192.0.2.7/tcp/4001/p2p/12D3Koo… --out data/',
  );
  bind(command, pull);
}

async function pull(context: Context, release: string | undefined, options: Options) {
  const { output, signal } = context;
  const { nextFolder, runPull } = await import('../../compose/pulling/run-pull.ts');
  const out = resolve(options.out);
  const isBeside = options.update === true;
  const earlier = isBeside ? out : options.update && resolve(options.update);
  const { pulled, ...done } = await runPull(
    {
      ...{ release, earlier, isOnlyNews: isBeside, ...sourceOf(options) },
      folder: isBeside ? await nextFolder(out) : out,
      parallel: countIn(options.parallel),
      curator: options.curator === undefined ? undefined : parseDid(options.curator),
    },
    { signal, notice: output.notice, progress: (told) => output.progress('pull', told) },
  );
  const { name, version, curator, nodes, withheld, files, receipt } = pulled;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  output.document({
    ...{ release: pulled.release, name, version, revision: nodes[0]?.revision, curator },
    ...{ ...done, files: files.length, bytes, withheld: withheld.length, receipt },
    nodes: nodes.map(({ url, node, revision }) => ({ url, node, revision })),
  });
  const what = `${countOf(files.length, 'file')}, ${bytesText(bytes)}`;
  output.line(`${printable(name)} ${version}: ${what} in ${printable(done.folder)}`);
  if (withheld.length > 0) {
    output.line(
      `  without what was withdrawn since it was cut: ${countOf(withheld.length, 'sample')}`,
    );
  }
  if (done.skipped !== null) {
    output.line(`  ${countOf(done.skipped, 'key')} to skip for a run that goes on: skip.txt`);
  }
  if (receipt !== null) output.line(`  receipt ${receipt}`);
  return receipt === null ? EXIT.incomplete : EXIT.done;
}

function countIn(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new ArchiveError('usage_invalid', `--parallel ${text}: give a number from 1 to 64`);
}
