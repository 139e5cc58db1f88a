import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AssetSummary } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { TEXT } from '../text/english.ts';

/** One work in the listing. */
export function Tile({ asset }: { readonly asset: AssetSummary }): ReactNode {
  const { cid, title, creators, licence, mediaType } = asset;
  return (
    <li className="tile">
      <Link to="/assets/$cid" params={{ cid }}>
        <Preview cid={cid} mediaType={mediaType} />
        <span className="tile-title" dir="auto">
          {title || TEXT.collection.noTitle}
        </span>
        <span className="tile-makers" dir="auto">
          {creators.join(', ')}
        </span>
        <span className="tile-licence">{licence ?? TEXT.asset.noLicence}</span>
      </Link>
    </li>
  );
}
