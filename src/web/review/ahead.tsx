import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { historyOf } from '../api/asset-queries.ts';
import { assetNamed } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';

/** Has a work come before anybody turns to it, with what is said of it. */
export function Ahead({ asset }: { readonly asset: string }): ReactNode {
  const { data } = useQuery(assetNamed(asset));
  useInfiniteQuery(historyOf(asset));
  return (
    <span className="hidden" aria-hidden="true">
      {data && <Preview cid={asset} mediaType={data.mediaType} />}
    </span>
  );
}
