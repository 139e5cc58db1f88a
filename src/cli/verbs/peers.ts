import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import {
  addPeer,
  INVITED_ROLES,
  type InvitedRole,
  invitePeer,
  leaveArchive,
  listPeers,
  removePeer,
} from '../../archive/operations/meet-peers.ts';
import { EXIT } from '../exit-codes.ts';
import { levelText } from '../level-text.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

interface InviteOptions {
  readonly organisation?: string;
  readonly policy: string;
  readonly expires: number;
}

interface JoinOptions {
  readonly via?: string;
  readonly name?: string;
  readonly packs?: readonly string[];
}

const EXAMPLE_ADDRESS = '/ip4/10.77.0.3/tcp/4001/p2p/12D3Koo…';

/** Milliseconds of the units in which the life of an invitation is told. */
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function addInvite(program: Command, bind: Bind): void {
  const command = program
    .command('invite')
    .summary('let somebody in, with one string')
    .description(
      'Invites somebody to this archive and prints a string for "ringfence join". Whoever has the ' +
        'string can join once, until it expires; send it as you would send a key.',
    )
    .addArgument(new Argument('<role>', 'what they are to be').choices(INVITED_ROLES))
    .option('--organisation <name>', 'id or vetted name (default: a new organisation)')
    .requiredOption(
      '--policy <policy>',
      'what they may hold: all, eligible, none, collection:NAME or media:TYPE',
    )
    .addOption(
      new Option('--expires <time>', 'until when it can be used: 30m, 12h, 7d')
        .default(7 * 86_400_000, '7d')
        .argParser(parseLifetime),
    )
    .addHelpText('after', '\nExample:\n  ringfence invite partner --policy eligible');
  bind(command, invite);
}

export function addJoin(program: Command, bind: Bind): void {
  const command = program
    .command('join')
    .summary('join an archive with an invitation')
    .description(
      'Makes a home with a key of its own, is admitted by a node of the archive, and takes the ' +
        'ledger, checking everything again. After a failure it can be run again.',
    )
    .argument('<invitation>', 'the string that "ringfence invite" printed')
    .option('--via <multiaddr>', 'ask this node instead of those that the invitation names')
    .option('--name <name>', 'what to be called; it is kept where it can be erased')
    .option('--packs <folder...>', 'folders that hold the bytes')
    .addHelpText('after', '\nExample:\n  ringfence --home studio join rf1…');
  bind(command, join);
}

export function addLeave(program: Command, bind: Bind): void {
  const command = program
    .command('leave')
    .summary('end your own membership')
    .description(
      'Records that this home leaves the archive. What it has written stands; from then on it can ' +
        'read what it has and write nothing. For a steward it is a proposal.',
    )
    .addHelpText('after', '\nExample:\n  ringfence leave');
  bind(command, leave);
}

export function addPeers(program: Command, bind: Bind): void {
  const command = program
    .command('peers')
    .summary('list connected nodes, and name those to keep connected')
    .description(
      'Lists the nodes that the running node is connected with, its own addresses, and what went ' +
        'wrong with whom since it started.',
    )
    .addHelpText('after', '\nExample:\n  ringfence peers --json');
  bind(command, peers);
  bind(
    command
      .command('add')
      .summary('keep a node connected')
      .description(
        'Adds an address to those in ringfence.json that the node keeps connected. A running node ' +
          'calls it at once.',
      )
      .argument('<multiaddr>', 'where the node listens')
      .addHelpText('after', `\nExample:\n  ringfence peers add ${EXAMPLE_ADDRESS}`),
    add,
  );
  bind(
    command
      .command('remove')
      .summary('keep a node connected no more')
      .description(
        'Takes an address away from those in ringfence.json that the node keeps connected. A ' +
          'connection with a member that is there stays.',
      )
      .argument('<multiaddr>', 'the address as ringfence.json has it')
      .addHelpText('after', `\nExample:\n  ringfence peers remove ${EXAMPLE_ADDRESS}`),
    remove,
  );
}

async function invite(context: Context, role: InvitedRole, options: InviteOptions) {
  const invited = await perform(context, invitePeer, {
    role,
    organisation: options.organisation ?? null,
    replica: options.policy,
    lifetimeMs: options.expires,
  });
  context.output.document(invited);
  context.output.line(invited.invitation);
  context.output.line(`Can be used once, until ${invited.expires}, with: ringfence join STRING`);
  return EXIT.done;
}

async function join({ output, home, signal }: Context, invitation: string, options: JoinOptions) {
  const { joinArchive } = await import('../../compose/founding/join-archive.ts');
  const joined = await joinArchive(home, invitation, {
    ...options,
    signal,
    onProgress: ({ taken, size }) =>
      output.progress('entries', { files: taken, expectedFiles: size }),
  });
  output.document(joined);
  output.line(`Joined ${printable(joined.name)} in ${printable(home)}`);
  output.line(`  address  ${joined.address}`);
  output.line(`  member   ${joined.did}`);
  output.line(`  holds    ${countOf(joined.entries, 'entry', 'entries')}`);
  output.line('Next: ringfence serve');
  return EXIT.done;
}

async function leave(context: Context) {
  const left = await perform(context, leaveArchive, {});
  context.output.document(left);
  context.output.line('Left the archive; others know it as soon as a node has taken this entry.');
  return EXIT.done;
}

async function peers(context: Context) {
  const told = await perform(context, listPeers, {});
  const { did, addresses, called, connected, troubles, complaints } = told;
  context.output.document(told);
  context.output.line(`This node  ${did}`);
  for (const address of addresses) context.output.line(`  listens  ${address}`);
  for (const { address } of called) context.output.line(`  keeps connected  ${address}`);
  for (const { peer, name, roles, address, since, level, receivedBytes, sentBytes } of connected) {
    const traffic = `${bytesText(receivedBytes)} in, ${bytesText(sentBytes)} out`;
    context.output.line(`${peer}  ${roles.join(', ')}  ${printable(name)}`.trimEnd());
    context.output.line(`  ${levelText(level)}, ${traffic} since ${new Date(since).toISOString()}`);
    context.output.line(`  ${address}`);
  }
  if (connected.length === 0) context.output.line('Nobody is connected.');
  for (const { peer, code, text, at } of troubles) {
    const when = new Date(at).toISOString();
    context.output.line(`${peer}: its log is not taken: ${printable(text)} [${code}], ${when}`);
  }
  for (const { from, code, text, count } of complaints) {
    context.output.line(`${from}: ${printable(text)} [${code}], ${countOf(count, 'time')}`);
  }
  return EXIT.done;
}

async function add(context: Context, text: string) {
  const { address } = await perform(context, addPeer, typed(addPeer.input, { address: text }));
  context.output.document({ address });
  context.output.line(`${printable(address)} is kept connected`);
  return EXIT.done;
}

async function remove(context: Context, text: string) {
  const input = typed(removePeer.input, { address: text });
  const { address } = await perform(context, removePeer, input);
  context.output.document({ address });
  context.output.line(`${printable(address)} is kept connected no more`);
  return EXIT.done;
}

function parseLifetime(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const lifetimeMs = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isFinite(lifetimeMs)) return lifetimeMs;
  throw new InvalidArgumentError('Write a number and m, h or d, as in 7d.');
}
