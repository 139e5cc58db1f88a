import { z } from 'zod';
import { policyInForce } from '../policy-in-force.ts';
import { createOperation } from './operation.ts';

/** Gives the policies in force. */
export const listPolicies = createOperation({
  name: 'policy.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  run: async ({ ledger }) => ledger.policies(),
});

/** Gives one policy in force. */
export const showPolicy = createOperation({
  name: 'policy.show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ name: z.string() }),
  run: async ({ ledger }, { name }) => policyInForce(name, ledger),
});
