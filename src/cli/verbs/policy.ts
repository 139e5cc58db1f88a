import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { listProposals, proposePolicy, voteOnProposal } from '../../archive/operations/govern.ts';
import { listPolicies, showPolicy } from '../../archive/operations/read-policies.ts';
import { ArchiveError } from '../../core/errors.ts';
import { policyProse } from '../../core/policy/prose.ts';
import { EXIT } from '../exit-codes.ts';
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

async function show(context: Context, name: string) {
  const found = await perform(context, showPolicy, { name });
  context.output.document({ cid: found.cid, ...found.policy });
  for (const line of policyProse(found.policy)) context.output.line(line);
  return EXIT.done;
}
