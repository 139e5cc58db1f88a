import { QueryClient } from '@tanstack/react-query';
import { Refusal } from './client.ts';

/** What was asked before is shown at once and asked for again behind it; what was refused is not tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A node on this machine is reached without any network.
      networkMode: 'always',
      retry: (failures, error) => !(error instanceof Refusal) && failures < 3,
    },
    mutations: { networkMode: 'always' },
  },
});
