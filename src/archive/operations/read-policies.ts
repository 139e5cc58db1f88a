import { z } from 'zod';
import { type Policy, policySchema, readPolicy } from '../../core/policy/documents.ts';
import { policyDiff } from '../../core/policy/policy-diff.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import { policyInForce } from '../governing/policy-in-force.ts';
import { versionsOf } from '../governing/policy-versions.ts';
import { whatIf } from '../governing/what-if.ts';
import { proposal } from './answers/governance.ts';
import { cid, count, moment, statement } from './answers/names.ts';
import { answer, answerCounts, purpose, requester } from './answers/verdict.ts';
import { createOperation } from './operation.ts';
import { dated, question } from './question.ts';

const namedPolicy = z
  .strictObject({
    cid,
    policy: policySchema.extend({ cutOffs: z.record(z.string(), z.string()) }),
  })
  .meta({ id: 'NamedPolicy' });

const verdictChange = z.strictObject({
  from: answer,
  to: answer,
  rule: z.string().describe('What stands against them now; what stood, of what becomes eligible'),
  code: z.string(),
  assets: count,
});

/** Gives the policies in force. */
export const listPolicies = createOperation({
  name: 'policy.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(namedPolicy),
  run: async ({ ledger }) => ledger.policies(),
});

/** Gives one policy in force. */
export const showPolicy = createOperation({
  name: 'policy.show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ name: z.string() }),
  result: namedPolicy,
  run: async ({ ledger }, { name }) => policyInForce(name, ledger),
});

const policyVersion = z
  .strictObject({
    cid,
    policy: namedPolicy.shape.policy,
    proposal: statement.nullable().describe('Null for that of the charter'),
    status: z.union([z.literal('charter'), proposal.shape.status]),
    isInForce: z.boolean(),
  })
  .meta({ id: 'PolicyVersion' });

/** Gives every version of a policy that this program can read: the charter's, and what was proposed since. */
export const listPolicyVersions = createOperation({
  name: 'policy.versions',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ name: z.string() }),
  result: z.array(policyVersion),
  run: async ({ ledger }, { name }) => versionsOf(policyInForce(name, ledger), ledger),
});

/** A policy by its name, or the document itself. */
const policyOrName = z.union([z.string(), z.looseObject({ type: z.literal('policy') })]);

function read(given: z.output<typeof policyOrName>, ledger: Pick<Ledger, 'policies'>): Policy {
  return typeof given === 'string' ? policyInForce(given, ledger).policy : readPolicy(given);
}

/** Tells what one policy asks otherwise than another, in lines. */
export const diffPolicies = createOperation({
  name: 'policy.diff',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ before: policyOrName, after: policyOrName }),
  result: z.strictObject({ differences: z.array(z.string()) }),
  run: async ({ ledger }, { before, after }) => ({
    differences: policyDiff(read(before, ledger), read(after, ledger)),
  }),
});

/** Tells which verdicts would change under another policy than the one that is asked for. */
export const compareVerdicts = createOperation({
  name: 'what-if',
  opens: 'archive',
  changes: false,
  input: question.extend({ policy: policyOrName, other: policyOrName }),
  result: z.strictObject({
    purpose,
    requester,
    at: moment,
    policy: z.string(),
    other: z.string(),
    assets: count,
    before: answerCounts,
    after: answerCounts,
    changes: z.array(verdictChange),
  }),
  async run(archive, { policy, other, ...asked }, { signal }) {
    const { ledger, clock } = archive;
    const policies = { before: read(policy, ledger), after: read(other, ledger) };
    const moment = dated(asked, clock);
    const found = await whatIf(moment, policies, archive, signal);
    const { before, after } = policies;
    return { ...moment, policy: before.name, other: after.name, ...found };
  },
});
