import type { Command } from 'commander';
import { listPolicies, showPolicy } from '../../archive/operations/read-policies.ts';
import { policyProse } from '../../core/policy/prose.ts';
import { EXIT } from '../exit-codes.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addPolicy(program: Command, bind: Bind): void {
  const policy = program
    .command('policy')
    .summary('read the policies in force')
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
