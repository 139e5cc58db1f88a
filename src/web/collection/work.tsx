import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { AssetSummary } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { TEXT } from '../text/english.ts';
import { sizeText } from '../text/figures.ts';

/** Longer titles say no more at a glance. */
const MOST_LETTERS = 300;

/** One work in the collection. */
export const Work = memo(function Work({
  asset,
  isList,
  isCurrent,
  isSelected,
  onSelect,
}: {
  readonly asset: AssetSummary;
  readonly isList: boolean;
  /** Tab leads to it. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (cid: string) => void;
}): ReactNode {
  const { cid, title, creators, licence, mediaType, size } = asset;
  const tabIndex = isCurrent ? 0 : -1;
  const name = title.slice(0, MOST_LETTERS) || TEXT.collection.noTitle;
  return (
    <>
      <Link to="/assets/$cid" params={{ cid }} tabIndex={tabIndex}>
        <Preview cid={cid} mediaType={mediaType} />
        <span className="work-title" dir="auto">
          {name}
        </span>
        <span className="work-makers" dir="auto">
          {creators.slice(0, 3).join(', ').slice(0, MOST_LETTERS)}
        </span>
        <span className="work-licence">{licence ?? TEXT.asset.noLicence}</span>
        {isList && (
          <>
            <span className="work-type">{mediaType}</span>
            <span className="work-size">{sizeText(size)}</span>
          </>
        )}
      </Link>
      <input
        type="checkbox"
        className="work-check"
        aria-label={TEXT.collection.select(name)}
        tabIndex={tabIndex}
        checked={isSelected}
        onChange={() => onSelect(cid)}
      />
    </>
  );
});
