import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

/** What verdicts are asked for where nobody says otherwise. */
const USUAL = {
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
} as const;

/** What the archive is called and how much it holds, for whoever may see everything. */
export const archiveState = queryOptions({
  queryKey: ['status'],
  queryFn: async ({ signal }) => {
    const asked = api.POST('/api/v1/operations/status', { body: USUAL, signal });
    return (await answered(asked)).result;
  },
});
