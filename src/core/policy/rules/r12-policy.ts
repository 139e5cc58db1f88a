import { type Case, fails, type Outcome, passes } from './outcome.ts';

/** R12: is the policy in force at the time asked for? */
export function policyRule({ question: { at, policy } }: Case): Outcome {
  const named = `The policy ${policy.name}, version ${policy.version},`;
  if (policy.from !== null && at < policy.from) {
    return fails('E_POLICY', `${named} is in force from ${policy.from} only.`);
  }
  if (policy.until !== null && policy.until <= at) {
    return fails('E_POLICY', `${named} was in force until ${policy.until}.`);
  }
  return passes(`${named} is in force.`);
}
