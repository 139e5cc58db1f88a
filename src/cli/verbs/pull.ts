import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDid } from '../../archive/typed-names.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import type { Bind, Context } from '../session.ts';

interface Options {
  readonly from: readonly string[];
  readonly out: string;
  readonly curator?: string;
  readonly node?: readonly string[];
  readonly token?: string;
  readonly key?: string;
  readonly signIn?: boolean;
  readonly parallel: string;
}

export function addPull(program: Command, bind: Bind): void {
  const command = program
    .command('pull')
    .summary('bring a release here, without what was withdrawn')
    .description(
      'Fetches a release from one node or several, and checks every block against its CID and every ' +
        'signature, from the curator’s manifest on, and has the pull recorded. What any of the nodes holds back is left out. It needs no ' +
        'archive. Broken off, it goes on where it was when it is run again.',
    )
    .argument('<release>', 'NAME@VERSION, or the CID of the release')
    .requiredOption(
      '--from <url...>',
      'nodes that serve it, or signed URLs of the release (required)',
    )
    .requiredOption('--out <dir>', 'folder to write to (required)')
    .option('--curator <key>', 'who must have cut it (default: the key that is seen first)')
    .option('--node <key...>', 'keys that nodes must have (default: those that are seen first)')
    .option('--token <token>', 'signs in at the nodes, as "token --for" prints it')
    .option('--key <file>', 'key that signs the pull, made if missing (default: one of your own)')
    .option('--sign-in', 'sign in by that key, as a member’s, at the one --node')
    .option('--parallel <n>', 'files that come at once, 1 to 64', '8')
    .addHelpText(
      'after',
      '\nExample:\n  npx ringfence pull prints@1.0.0 --from https://archive.example --out data/',
    );
  bind(command, pull);
}

async function pull({ output, signal }: Context, release: string, options: Options) {
  const { runPull } = await import('../../compose/run-pull.ts');
  const folder = resolve(options.out);
  const { pulled, fetched } = await runPull(
    {
      ...{ release, from: options.from, folder, token: options.token },
      ...{ key: options.key, isSignedIn: options.signIn === true },
      parallel: countIn(options.parallel),
      curator: options.curator === undefined ? undefined : parseDid(options.curator),
      nodes: (options.node ?? []).map(parseDid),
    },
    { signal, notice: output.notice, progress: (done) => output.progress('pull', done) },
  );
  const { name, version, curator, nodes, withheld, files } = pulled;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const [node] = nodes;
  output.document({
    ...{ release: pulled.release, name, version, revision: node?.revision, curator, folder },
    ...{ files: files.length, fetched, bytes, withheld: withheld.length },
    receipt: pulled.receipt,
    nodes: nodes.map(({ url, node: key, revision }) => ({ url, node: key, revision })),
  });
  output.line(
    `${printable(name)} ${version}: ${countOf(files.length, 'file')}, ${bytesText(bytes)} in ${printable(folder)}`,
  );
  if (withheld.length > 0) {
    output.line(
      `  without ${countOf(withheld.length, 'sample')} that was withdrawn since it was cut`,
    );
  }
  if (pulled.receipt !== null) output.line(`  receipt ${pulled.receipt}`);
  return pulled.receipt === null ? EXIT.incomplete : EXIT.done;
}

function countIn(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new ArchiveError('usage_invalid', `--parallel ${text}: give a number from 1 to 64`);
}
