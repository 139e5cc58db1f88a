import { useRouter } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { AssetSummary } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText } from '../text/figures.ts';
import { isByWork, type Narrowing } from './narrowing.ts';

/** Longer titles say no more at a glance. */
const MOST_LETTERS = 300;

/** One work in the collection, or one part of a work. */
export const Work = memo(function Work({
  asset,
  isList,
  narrowing,
  isCurrent,
  isSelected,
  onSelect,
}: {
  readonly asset: AssetSummary;
  readonly isList: boolean;
  /** What it was found by. Where that is by work it stands for the parts that match, and opens to them. */
  readonly narrowing: Narrowing;
  /** Tab leads to it. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (asset: AssetSummary, within: Narrowing | undefined) => void;
}): ReactNode {
  const { cid, title, creators, licence, mediaType, size, work } = asset;
  const isWhole = isByWork(narrowing);
  const opened = isWhole && work !== null && work.parts !== 1 ? work : undefined;
  const router = useRouter();
  const href =
    opened === undefined
      ? `/assets/${cid}`
      : router.buildLocation({
          to: '/',
          search: { ...narrowing, work: opened.id, ...(isList ? { view: 'list' } : {}) },
        }).href;
  const tabIndex = isCurrent ? 0 : -1;
  const name = title.slice(0, MOST_LETTERS) || TEXT.collection.noTitle;
  return (
    <>
      {/* `Works` follows it within the page: a `Link` for each tile would be much of what scrolling costs. */}
      <a
        href={href}
        tabIndex={tabIndex}
        className={opened === undefined ? undefined : 'work-of-parts'}
      >
        <Preview cid={cid} mediaType={mediaType} />
        <span className="work-title" dir="auto">
          {name}
        </span>
        <span className="work-makers" dir="auto">
          {creators.slice(0, 3).join(', ').slice(0, MOST_LETTERS)}
        </span>
        {work !== null && (opened !== undefined || !isWhole) && (
          <span className="work-parts">{partText(work, opened !== undefined)}</span>
        )}
        <span className="work-licence">{licence ?? TEXT.asset.noLicence}</span>
        {isList && (
          <>
            <span className="work-type">{mediaType}</span>
            <span className="work-size">{sizeText(size)}</span>
          </>
        )}
      </a>
      <input
        type="checkbox"
        className="work-check"
        aria-label={TEXT.collection.select(name)}
        tabIndex={tabIndex}
        checked={isSelected}
        onChange={() => onSelect(asset, opened && narrowing)}
      />
    </>
  );
});

function partText(
  { part, parts }: NonNullable<AssetSummary['work']>,
  isWhole: boolean,
): string | undefined {
  const words = TEXT.collection.works;
  if (!isWhole) return part === null ? undefined : words.part(countText(part));
  return parts === null ? words.severalParts : words.parts(countText(parts));
}
