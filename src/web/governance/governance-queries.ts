import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components, operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';

export type Member = components['schemas']['Member'];
export type Proposal = components['schemas']['Proposal'];
/** Every proposal, who votes, and how many must approve. */
export type Governed =
  operations['proposal.list']['responses'][200]['content']['application/json']['result'];
export type PolicyVersion = components['schemas']['PolicyVersion'];

/** Everything here changes by what stewards say. */
const toldBy = ['statements'] as const;

export const members = queryOptions({
  queryKey: ['members'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/member.list', { body: {}, signal }))).result,
  meta: { toldBy },
});

export const proposals = queryOptions({
  queryKey: ['proposals'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/proposal.list', { body: {}, signal }))).result,
  meta: { toldBy },
});

export const policies = queryOptions({
  queryKey: ['policies'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/policy.list', { body: {}, signal }))).result,
  meta: { toldBy },
});

/** Every version of a policy that was in force or proposed, the newest first. */
export function versionsOf(name: string) {
  return queryOptions({
    queryKey: ['policy-versions', name],
    queryFn: async ({ signal }) => {
      const asked = api.POST('/api/v1/operations/policy.versions', { body: { name }, signal });
      return (await answered(asked)).result;
    },
    meta: { toldBy },
  });
}

export const trustLists = queryOptions({
  queryKey: ['trust'],
  queryFn: async ({ signal }) =>
    (await answered(api.POST('/api/v1/operations/trust.list', { body: {}, signal }))).result,
  meta: { toldBy },
});

/** What vetted institutions are called, by their ids. */
const institutionNames = queryOptions({
  queryKey: ['institutions'],
  queryFn: async ({ signal }) => {
    const body = { name: 'institutions' };
    const { list } = (await answered(api.POST('/api/v1/operations/trust.show', { body, signal })))
      .result;
    // The list of that name holds institutions and nothing else.
    const { institutions } = list as { institutions: { id: string; name: string }[] };
    return new Map(institutions.map(({ id, name }) => [id, name]));
  },
  meta: { toldBy },
});

/** Returns how to call a member: by its own name, by that of its institution, else by the end of its key. */
export function useMemberNames(): (member: Pick<Member, 'id'>) => string {
  const { data: known } = useQuery(members);
  const { data: institutions } = useQuery(institutionNames);
  return ({ id }) => {
    const member = known?.find((one) => one.id === id);
    return member?.name || institutions?.get(member?.organisation ?? '') || `…${id.slice(-8)}`;
  };
}
