import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/client.ts';

/** What the node does for makers, and for whom their tokens are. */
export const offered = queryOptions({
  queryKey: ['maker-offer'],
  queryFn: ({ signal }) => answered(api.GET('/api/v1/makers', { signal })),
});
