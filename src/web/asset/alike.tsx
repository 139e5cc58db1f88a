import './alike.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { usePreviewUrl } from '../api/asset-bytes.ts';
import { type AlikeAsset, alikeTo } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';

const words = TEXT.asset.alike;

/** What looks, reads or sounds like a work, beside it, and of pictures where they differ. */
export function Alike({ asset }: { readonly asset: Asset }): ReactNode {
  const { data, error, refetch } = useQuery(alikeTo(asset.cid));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.length === 0) return <p className="asked">{words.none}</p>;
  return data.map((other) => <Pair key={other.cid} asset={asset} other={other} />);
}

function Pair({ asset, other }: { readonly asset: Asset; readonly other: AlikeAsset }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const bits = Object.entries(other.distances).map(([code, count]) => words.bits(code, count ?? 0));
  const isPictures = [asset, other].every(({ mediaType }) => mediaType.startsWith('image/'));
  return (
    <details className="pair" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <bdi>{other.title || TEXT.collection.noTitle}</bdi>{' '}
        <span className="tag">{words.likeness[other.likeness]}</span>
        {other.status === 'synthetic' && <span className="tag">{words.registered}</span>}
      </summary>
      <p className="asked">
        {bits.join(', ')}.{' '}
        <Link to="/assets/$cid" params={{ cid: other.cid }}>
          {words.open}
        </Link>
      </p>
      {isOpen && (
        <div className="pair-views">
          <figure>
            <Preview cid={asset.cid} mediaType={asset.mediaType} />
            <figcaption>{words.this}</figcaption>
          </figure>
          <figure>
            <Preview cid={other.cid} mediaType={other.mediaType} />
            <figcaption>{words.other}</figcaption>
          </figure>
          {isPictures && <Difference of={[asset.cid, other.cid]} />}
        </div>
      )}
    </details>
  );
}

/** One picture taken from the other: black where they are the same. */
function Difference({ of: [one, other] }: { readonly of: readonly [string, string] }): ReactNode {
  const below = usePreviewUrl(one);
  const above = usePreviewUrl(other);
  return (
    <figure>
      <span className="difference" role="img" aria-label={words.differenceAlt}>
        <img src={below} alt="" />
        <img src={above} alt="" />
      </span>
      <figcaption>{words.difference}</figcaption>
    </figure>
  );
}
