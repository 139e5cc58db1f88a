import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { lineageOf } from '../api/asset-queries.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.asset.downloads;

/** Files that were computed from a work by a fixed recipe: each has a page of its own. */
export function Renditions({ cid }: { readonly cid: string }): ReactNode {
  const { data } = useQuery(lineageOf(cid));
  const made = data?.descents.filter(({ parent, recipe }) => parent === cid && recipe !== null);
  if (made === undefined || made.length === 0) return null;
  return (
    <p className="asked">
      {words.renditions}{' '}
      {made.map(({ id, child, recipe }, place) => (
        <span key={id}>
          {place > 0 && ', '}
          <Link to="/assets/$cid" params={{ cid: child }}>
            {recipe}
          </Link>
        </span>
      ))}
    </p>
  );
}
