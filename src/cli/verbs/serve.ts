import { once } from 'node:events';
import type { Command } from 'commander';
import type { RunningNode } from '../../compose/open-node.ts';
import { systemVariables } from '../../compose/settings/environment.ts';
import { defectText } from '../../core/defect-text.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { EXIT } from '../exit-codes.ts';
import { isJournal } from '../is-journal.ts';
import type { Output } from '../output.ts';
import type { Bind, Context } from '../session.ts';

/** A node that has not ended by then is ended. */
const STOP_MS = 20_000;

export function addServe(program: Command, bind: Bind): void {
  const command = program
    .command('serve')
    .summary('run the node')
    .description(
      'Keeps the archive open in the foreground. Other verbs of the same user then work through ' +
        'the node, and what is public can be read over HTTP on this machine; a token signs in for the rest. Ends on SIGINT or SIGTERM when what is under way has stopped, at once on a second; so it does when its terminal closes, unless nohup started it.',
    )
    .option(
      '--listen <address>',
      'where to answer over HTTP: HOST:PORT, or off (default: 127.0.0.1 and a free port); off loopback takes tls or behindProxy in ringfence.json',
    )
    .option(
      '--p2p <multiaddr...>',
      'where other nodes reach this one, instead of the addresses in ringfence.json',
    )
    .option('--found', 'found an archive where there is none yet')
    .option('--link', 'print a link that signs a browser in as the owner, once within ten minutes')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence serve --p2p /ip4/0.0.0.0/tcp/4001 --json >> node.log',
    );
  bind(command, serve);
}

interface Options {
  readonly listen?: string;
  readonly p2p?: readonly string[];
  readonly found?: true;
  readonly link?: true;
}

async function serve({ home, output, signal }: Context, { listen, p2p, found, link }: Options) {
  const { openNodeLog } = await import('../node-log.ts');
  await using nodeLog = openNodeLog(output);
  const { log } = nodeLog;
  surviveStrayErrors(log);
  if (found === true) await foundFirst(home, log);
  const { openNode } = await import('../../compose/open-node.ts');
  {
    await using node = await openNode(home, { log, listen, p2p });
    const { address, self, charter } = node.archive.ledger;
    if (node.url !== null) {
      const text = `answers at ${node.url}/docs; "ringfence token" signs programs in, "ringfence browser link" browsers`;
      log({ level: 'note', event: 'listening', text, details: { url: node.url } });
    }
    log({
      level: 'note',
      event: 'started',
      text: `the node of ${charter.name} runs, process ${process.pid}; end it with Ctrl-C`,
      details: { home, pid: process.pid, address, did: self.did },
    });
    if (link === true) await printLink(node, output, log);
    for (const at of node.peers.network.addresses) {
      log({
        level: 'note',
        event: 'listening',
        text: `listens on ${at}`,
        details: { address: at },
      });
    }
    if (!signal.aborted) await once(signal, 'abort');
    log({ level: 'note', event: 'stopping', text: 'stops what is under way' });
    setTimeout(() => {
      log({ level: 'error', event: 'stopped', text: 'something did not stop; it is cut off' });
      void nodeLog[Symbol.asyncDispose]().then(() => process.exit(EXIT.failed));
    }, STOP_MS).unref();
  }
  log({ level: 'note', event: 'stopped', text: 'the archive is closed' });
  return EXIT.done;
}

async function foundFirst(home: string, log: Log): Promise<void> {
  const { foundIfMissing } = await import('../../compose/founding/found-if-missing.ts');
  const founded = await foundIfMissing(home);
  if (founded === undefined) return;
  const text = `founded the archive ${founded.name} in ${home}; keep key.pem in it safe: whoever has it is the steward`;
  log({ level: 'note', event: 'founded', text, details: { ...founded } });
}

/**
 * What signs somebody in is in no log that is kept: in words it goes to the terminal, be that stdout or stderr;
 * where there is none, to stdout, for the script that asked for it and reads that; into a journal never.
 */
async function printLink(
  { archive, url }: Pick<RunningNode, 'archive' | 'url'>,
  output: Output,
  log: Log,
): Promise<void> {
  if (url === null) throw new ArchiveError('usage_invalid', 'a link takes a node that listens');
  const { stdout } = process;
  if (isJournal(stdout.fd, systemVariables)) {
    const text = 'no link is written to a journal; "ringfence browser link" prints one';
    log({ level: 'note', event: 'link', text });
    return;
  }
  const { path, until } = await archive.browsers.createLink();
  const link = `${url}${path}`;
  const text = `Open this once, before ${until}, to sign in as the owner:\n\n  ${link}\n`;
  if (output.json) output.document({ event: 'link', url: link, until });
  else if (output.isWatched && !stdout.isTTY) output.notice(text);
  else output.line(text);
}

/** What goes wrong where nobody waits for it is told, and ends nothing; nor does stdout nobody reads. */
function surviveStrayErrors(log: Log): void {
  process.stdout.removeAllListeners('error').on('error', () => {});
  process.on('unhandledRejection', (error) => {
    const text = 'a defect of the program: a failure that nobody waited for';
    log({ level: 'error', event: 'defect', text, details: { stack: defectText(error) } });
  });
}
