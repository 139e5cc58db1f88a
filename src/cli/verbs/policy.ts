import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { listProposals, proposePolicy, voteOnProposal } from '../../archive/operations/govern.ts';
import {
  compareVerdicts,
  diffPolicies,
  listPolicies,
  listPolicyVersions,
  showPolicy,
} from '../../archive/operations/read-policies.ts';
import { ArchiveError } from '../../core/errors.ts';
import { policyProse } from '../../core/policy/prose.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { told, typed } from './member.ts';

export function addPolicy(program: Command, bind: Bind): void {
  const policy = program
    .command('policy')
    .summary('read and change the policies in force')
    .description('A policy says what must be shown before an asset may be used.')
    .addHelpText('after', '\nExample:\n  ringfence policy show corroborated');
  const listing = policy
    .command('list')
    .summary('list the policies')
    .description('Lists the policies in force, with the least level each of them asks for.')
    .addHelpText('after', '\nExample:\n  ringfence policy list --json');
  bind(listing, list);
  const showing = policy
    .command('show')
    .summary('read one policy')
    .description('Prints what a policy asks for, gate by gate.')
    .argument('<name>', 'name of the policy')
    .addHelpText('after', '\nExample:\n  ringfence policy show corroborated');
  bind(showing, show);
  const versions = policy
    .command('versions')
    .summary('list what a policy was, is and is proposed to be')
    .description(
      'Lists the versions of a policy, the newest proposal first, that of the charter last.',
    )
    .argument('<name>', 'name of the policy')
    .addHelpText('after', '\nExample:\n  ringfence policy versions gold --json');
  bind(versions, listVersions);
  const comparing = policy
    .command('diff')
    .summary('say in which points two policies differ')
    .description(
      'Prints what the second policy asks otherwise than the first, a line for each difference.',
    )
    .argument('<before>', 'name of a policy in force, or a JSON file')
    .argument('<after>', 'name of a policy in force, or a JSON file')
    .addHelpText('after', '\nExample:\n  ringfence policy diff gold stricter.json');
  bind(comparing, diff);
  const proposing = policy
    .command('propose')
    .summary('propose a policy, or a list of vetted institutions')
    .description(
      'Proposes a document in place of what is in force under its name. It takes effect when more than ' +
        'half of the stewards have approved.',
    )
    .argument('<file>', 'JSON, as "policy show NAME --json" prints it')
    .option('--reason <code>', 'why, in a word', 'change')
    .addHelpText('after', '\nExample:\n  ringfence policy propose corroborated.json');
  bind(proposing, proposeFile);
  const approving = policy
    .command('approve')
    .summary('approve what is proposed for a policy')
    .description('Votes for the one open proposal about a policy.')
    .argument('<name>', 'name of the policy')
    .addHelpText('after', '\nExample:\n  ringfence policy approve corroborated');
  bind(approving, approve);
}

export function addWhatIf(program: Command, bind: Bind): void {
  const command = withQuestion(program.command('what-if'))
    .summary('count the verdicts that another policy would change')
    .description(
      'Decides everything under --policy and under another policy, and counts what would change and by ' +
        'which rule. Nothing is changed.',
    )
    .argument('<other>', 'name of a policy in force, or a JSON file')
    .addHelpText('after', '\nExample:\n  ringfence what-if stricter.json --policy corroborated');
  bind(command, tellWhatIf);
}

async function tellWhatIf(context: Context, other: string, options: QuestionOptions) {
  const input = typed(compareVerdicts.input, {
    ...questionOf(options),
    other: await nameOrFile(other),
  });
  const found = await perform(context, compareVerdicts, input);
  const { before, after, changes } = found;
  const { output } = context;
  output.document(found);
  output.line(`${countOf(found.assets, 'asset')}, ${found.purpose} for ${found.requester}:`);
  for (const is of ['eligible', 'hold', 'ineligible'] as const) {
    output.line(
      `  ${is.padEnd(10)} ${before[is]} under ${found.policy}, ${after[is]} under ${found.other}`,
    );
  }
  for (const { from, to, rule, code, assets } of changes) {
    output.line(`  ${countOf(assets, 'asset')}: ${from} → ${to}, by ${rule} [${code}]`);
  }
  return EXIT.done;
}

async function diff(context: Context, before: string, after: string) {
  const input = typed(diffPolicies.input, {
    before: await nameOrFile(before),
    after: await nameOrFile(after),
  });
  const { differences } = await perform(context, diffPolicies, input);
  context.output.document({ differences });
  if (differences.length === 0) context.output.line('They ask for the same.');
  for (const line of differences) context.output.line(line);
  return EXIT.done;
}

/** A name has neither dot nor slash. */
async function nameOrFile(given: string): Promise<unknown> {
  return /[./]/.test(given) ? readJson(given) : given;
}

async function proposeFile(context: Context, path: string, options: { readonly reason: string }) {
  const input = typed(proposePolicy.input, { document: await readJson(path), ...options });
  return told(context, await perform(context, proposePolicy, input));
}

async function approve(context: Context, name: string) {
  const { proposals } = await perform(context, listProposals, {});
  const open = proposals.filter(
    ({ body, status }) => body.topic === `policy:${name}` && status === 'open',
  );
  const [only, second] = open;
  if (only === undefined || second !== undefined) {
    throw new ArchiveError(
      'not_found',
      `there ${open.length === 0 ? 'is no open proposal' : 'are several proposals'} about ${name}; ` +
        '"proposal list" names them',
    );
  }
  return told(context, await perform(context, voteOnProposal, { proposal: only.id, vote: 'yes' }));
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { cid: _cid, ...document } = JSON.parse(await readFile(path, 'utf8'));
    return document;
  } catch (cause) {
    throw new ArchiveError('file_unreadable', `${path} is no readable JSON`, { cause });
  }
}

async function list(context: Context) {
  for (const { cid, policy } of await perform(context, listPolicies, {})) {
    const { name, version, floor } = policy;
    context.output.document({ name, version, floor, cid });
    context.output.line(`${name.padEnd(22)} version ${version}, needs ${floor}  ${cid}`);
  }
  return EXIT.done;
}

async function listVersions(context: Context, name: string) {
  for (const one of await perform(context, listPolicyVersions, { name })) {
    context.output.document(one);
    const state = one.isInForce ? 'in force' : one.status;
    context.output.line(`version ${one.policy.version}  ${state}  ${one.cid}`);
  }
  return EXIT.done;
}

async function show(context: Context, name: string) {
  const found = await perform(context, showPolicy, { name });
  context.output.document({ cid: found.cid, ...found.policy });
  for (const line of policyProse(found.policy)) context.output.line(line);
  return EXIT.done;
}
