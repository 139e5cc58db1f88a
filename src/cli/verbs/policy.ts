import type { Command } from 'commander';
import { policyInForce } from '../../archive/policy-in-force.ts';
import { policyProse } from '../../core/policy/prose.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

export function addPolicy(program: Command, bind: Bind): void {
  const policy = program
    .command('policy')
    .summary('read the policies in force')
    .description('A policy says what must be shown before an asset may be used.')
    .addHelpText('after', '\nExample:\n  ringfence policy show corroborated');
  const list = policy
    .command('list')
    .summary('list the policies')
    .description('Lists the policies in force, with the least level each of them asks for.')
    .addHelpText('after', '\nExample:\n  ringfence policy list --json');
  bind(list, listPolicies);
  const show = policy
    .command('show')
    .summary('read one policy')
    .description('Prints what a policy asks for, gate by gate.')
    .argument('<name>', 'name of the policy')
    .addHelpText('after', '\nExample:\n  ringfence policy show corroborated');
  bind(show, showPolicy);
}

async function listPolicies(context: Context) {
  return withArchive(context, async ({ ledger }) => {
    for (const { cid, policy } of ledger.policies()) {
      const { name, version, floor } = policy;
      context.output.document({ name, version, floor, cid });
      context.output.line(`${name.padEnd(22)} version ${version}, needs ${floor}  ${cid}`);
    }
    return undefined;
  });
}

async function showPolicy(context: Context, name: string) {
  return withArchive(context, async ({ ledger }) => {
    const found = policyInForce(name, ledger);
    context.output.document({ cid: found.cid, ...found.policy });
    for (const line of policyProse(found.policy)) context.output.line(line);
    return undefined;
  });
}
