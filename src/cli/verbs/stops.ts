import { type Command, Option } from 'commander';
import type { Stop, Stopping } from '../../archive/judging/stop.ts';
import {
  listStopped,
  resolveStops,
  screenEverything,
  stopUses,
} from '../../archive/operations/judge-things.ts';
import { PURPOSES, type Purpose } from '../../core/policy/purposes.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';

interface Noted extends SubjectOptions {
  readonly note?: string;
}

interface Reasoned extends Noted {
  readonly reason: string;
}

/** Adds a verb that says something about an asset or a set. */
function saying<O extends Noted>(
  command: Command,
  texts: { readonly summary: string; readonly description: string; readonly example: string },
  wordsOf: (options: O) => Stop[Stopping],
  bind: Bind,
): Command {
  withSubject(command)
    .summary(texts.summary)
    .description(texts.description)
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText('after', `\nExample:\n  ringfence ${texts.example}`);
  const run = async (context: Context, cid: string | undefined, options: O) => {
    const { note } = options;
    const subject = await subjectNamed(cid, options);
    const words = wordsOf(options);
    const given = { words, subject, ...(note === undefined ? {} : { note }) };
    const result = await perform(context, stopUses, given);
    context.output.document(result);
    context.output.line(`Recorded for ${countOf(result.assets, 'asset')}: ${result.id}`);
    return EXIT.done;
  };
  bind(command, run);
  return command;
}

function listing(parent: Command, kind: Stopping, bind: Bind): void {
  const command = parent
    .command('list')
    .summary(`list what is open`)
    .description('Lists what is open, oldest arrival first, with its deadline where it has one.')
    .option('--all', 'what was ended as well')
    .addHelpText('after', `\nExample:\n  ringfence ${kind} list`);
  bind(command, async (context: Context, { all = false }: { readonly all?: boolean }) => {
    await perform(context, listStopped, { kind, all }, (one) => {
      context.output.document(one);
      const state = one.isOverdue ? 'overdue' : one.isOpen ? 'open' : 'ended';
      const subject = one.about === null ? '' : Object.values(one.about).join('');
      context.output.line(`${one.at}  ${state.padEnd(8)} ${one.id}  ${subject}`);
    });
    return EXIT.done;
  });
}

function parentOf(program: Command, kind: Stopping, summary: string, description: string): Command {
  return program
    .command(kind)
    .summary(summary)
    .description(description)
    .addHelpText('after', `\nExample:\n  ringfence ${kind} list`);
}

export function addDispute(program: Command, bind: Bind): void {
  const dispute = parentOf(
    program,
    'dispute',
    'question what is said of a work',
    'A dispute holds a work until an organisation that is no party to it has answered.',
  );
  type Options = Reasoned & {
    readonly by: 'maker' | 'member' | 'outsider';
    readonly against: string[];
  };
  const open = dispute
    .command('open')
    .requiredOption('--reason <code>', 'what is disputed, in a word (required)')
    .addOption(
      new Option('--by <who>', 'whose dispute it is')
        .choices(['member', 'maker', 'outsider'])
        .default('member'),
    )
    .option('--against <id...>', 'statements that are disputed', []);
  const texts = {
    summary: 'open a dispute',
    description:
      'Records a dispute, your own or that of somebody who is no member. Whoever opened it for themselves can ' +
      'take it back with "resolve --outcome lifted".',
    example: 'dispute open bafkrei… --reason not-the-maker --by maker --note "letter of 3 May"',
  };
  saying<Options>(
    open,
    texts,
    ({ reason, by, against }) => ({ kind: 'dispute', reason, by, against }),
    bind,
  );
  listing(dispute, 'dispute', bind);
}

export function addHold(program: Command, bind: Bind): void {
  const hold = parentOf(
    program,
    'hold',
    'keep a work back until somebody has looked',
    'A hold is no judgement: it keeps a work out of use until somebody has looked.',
  );
  type Options = Reasoned & { readonly deadline?: string | null; readonly community?: boolean };
  const place = hold
    .command('place')
    .requiredOption('--reason <code>', 'why, in a word (required)')
    .option('--deadline <time>', 'when it is to be answered, as 2027-01-31T00:00:00Z')
    .option('--community', 'at the wish of a community');
  const texts = {
    summary: 'place a hold',
    description: 'Keeps assets out of every use until the hold is resolved.',
    example: 'hold place bafkrei… --reason check-source --deadline 2027-01-31T00:00:00Z',
  };
  const wordsOf = ({ reason, deadline = null, community = false }: Options) => {
    const source = community ? ('community' as const) : ('steward' as const);
    return { kind: 'hold' as const, reason, source, deadline };
  };
  saying<Options>(place, texts, wordsOf, bind);
  listing(hold, 'hold', bind);
}

export function addFlag(program: Command, bind: Bind): void {
  const flag = parentOf(
    program,
    'flag',
    'note that people or communities are concerned',
    'Flags deny uses where persons, likenesses or communities are concerned. What a community asks for denies ' +
      'every purpose.',
  );
  type Options = Noted & {
    readonly flag: Stop['flag']['flag'];
    readonly purpose: Purpose[];
    readonly label?: string | null;
  };
  for (const [name, state] of [
    ['raise', 'raised'],
    ['clear', 'cleared'],
  ] as const) {
    const command = flag
      .command(name)
      .addOption(
        new Option('--flag <flag>', 'which (required)')
          .choices(['personal-data', 'likeness', 'community', 'human-remains'])
          .makeOptionMandatory(),
      )
      .addOption(
        new Option('--purpose <purpose...>', 'for these only').choices(PURPOSES).default([]),
      )
      .option('--label <code>', 'Local Contexts label, such as TK-CV or BC-NC');
    const texts = {
      summary: `${name} a flag`,
      description:
        state === 'raised'
          ? 'Raises a flag on an asset, or on each of a set.'
          : 'Clears a flag that was raised on the asset itself, with the same label. One raised on a set is resolved.',
      example: `flag ${name} --set portraits.txt --flag likeness`,
    };
    const wordsOf = ({ flag: raised, purpose, label = null }: Options) => ({
      ...{ kind: 'flag' as const, flag: raised, state, purposes: purpose, label },
    });
    saying<Options>(command, texts, wordsOf, bind);
  }
  listing(flag, 'flag', bind);
}

export function addQuarantine(program: Command, bind: Bind): void {
  const quarantine = parentOf(
    program,
    'quarantine',
    'keep bytes from everybody until somebody has looked',
    'Bytes in quarantine are given to nobody until somebody has looked.',
  );
  const add = quarantine
    .command('add')
    .requiredOption('--reason <code>', 'why, in a word (required)');
  const texts = {
    summary: 'put assets into quarantine',
    description: 'Puts assets into quarantine.',
    example: 'quarantine add bafkrei… --reason suspicious',
  };
  saying<Reasoned>(add, texts, ({ reason }) => ({ kind: 'quarantine', reason, tool: null }), bind);
  const scan = quarantine
    .command('scan')
    .summary('screen everything that is here')
    .description(
      'Screens all bytes that are here with the clamd and the hash lists under "screening" in ringfence.json, and ' +
        'puts into quarantine what they know. What "ingest" takes in is screened at once.',
    )
    .addHelpText('after', '\nExample:\n  ringfence quarantine scan');
  bind(scan, runScan);
  listing(quarantine, 'quarantine', bind);
}

export function addTakedown(program: Command, bind: Bind): void {
  const takedown = parentOf(
    program,
    'takedown',
    'obey an order to give something out no more',
    'What is taken down is given to nobody and used for nothing until a steward resolves it.',
  );
  type Options = Reasoned & { readonly authority?: string | null };
  const add = takedown
    .command('add')
    .requiredOption('--reason <code>', 'why, in a word (required)')
    .option('--authority <code>', 'who ordered it, as a code');
  const texts = {
    summary: 'take assets down',
    description: 'Takes assets down: a steward’s word, obeyed at once.',
    example: 'takedown add bafkrei… --reason court-order --authority lg-hamburg',
  };
  const wordsOf = ({ reason, authority = null }: Options) => ({
    ...{ kind: 'takedown' as const, reason, authority },
  });
  saying<Options>(add, texts, wordsOf, bind);
  listing(takedown, 'takedown', bind);
}

async function runScan(context: Context) {
  const { output } = context;
  const done = await perform(context, screenEverything, {}, (one) => {
    output.document(one);
    output.line(`${one.asset}: ${one.reason} (${one.tool})`);
  });
  output.document(done);
  output.line(
    `${countOf(done.screened, 'asset')} screened, ${done.quarantined} put into quarantine, ${done.absent} not here`,
  );
  return EXIT.done;
}

interface ResolveOptions extends Noted {
  readonly of: readonly string[];
  readonly outcome: 'dismissed' | 'upheld' | 'lifted';
}

export function addResolve(program: Command, bind: Bind): void {
  const command = withSubject(program.command('resolve'))
    .summary('answer disputes, and end what stops a work')
    .description(
      'Ends disputes, holds, flags, quarantines or takedowns, or upholds a dispute. A party to a dispute does not ' +
        'judge it: whoever deposited the work, made the disputed statement, or opened it.',
    )
    .requiredOption('--of <id...>', 'what is answered (required)')
    .addOption(
      new Option('--outcome <outcome>', 'the answer (required)')
        .choices(['dismissed', 'upheld', 'lifted'])
        .makeOptionMandatory(),
    )
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence resolve bafkrei… --of zdpu…/0 --outcome dismissed',
    );
  bind(command, runResolve);
}

async function runResolve(context: Context, cid: string | undefined, options: ResolveOptions) {
  const { of, outcome, note } = options;
  const subject = await subjectNamed(cid, options);
  const noted = note === undefined ? {} : { note };
  const result = await perform(context, resolveStops, { of: [...of], outcome, subject, ...noted });
  context.output.document(result);
  context.output.line(`Recorded for ${countOf(result.assets, 'asset')}: ${result.id}`);
  return EXIT.done;
}
