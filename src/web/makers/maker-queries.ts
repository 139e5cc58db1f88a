import { queryOptions } from '@tanstack/react-query';
import { answered, api, Refusal } from '../api/client.ts';
import { asMaker, type MakerKey, makerToken } from './maker-key.ts';

/** As many as one page of the listing has. */
const MOST_WORKS = 1000;

/** The works that the key of this browser has signed for; none for a key that has signed nothing. */
export function worksOf({ key }: Pick<MakerKey, 'key'>) {
  return queryOptions({
    queryKey: ['maker', 'works', key],
    queryFn: async ({ signal }) => {
      const asked = asMaker.GET('/api/v1/assets', {
        params: { query: { limit: MOST_WORKS } },
        signal,
      });
      try {
        return (await answered(asked)).assets;
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) return [];
        throw error;
      }
    },
  });
}

/** For which of these works a steward vouches for the key. */
export function vouchedFor(key: MakerKey, assets: readonly string[]) {
  return queryOptions({
    queryKey: ['maker', 'vouched', key.key, ...assets],
    queryFn: async ({ signal }) => {
      const body = { token: await makerToken(key), assets: [...assets] };
      return (await answered(api.POST('/api/v1/makers/vouched', { body, signal }))).assets;
    },
  });
}
