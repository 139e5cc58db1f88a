import './preview.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { isShownAsText } from '../../core/renditions/shown-as-text.ts';
import { usePreviewUrl } from '../api/asset-bytes.ts';
import { excerptOf } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { useTurn } from './picture-turns.ts';

interface Shown {
  readonly cid: string;
  readonly mediaType: string;
}

/** A work at a glance, on a mat. What stands beside it says what it is. */
export function Preview(shown: Shown): ReactNode {
  return (
    <span className="mat" aria-hidden="true">
      {isShownAsText(shown.mediaType) ? (
        <Excerpt key={shown.cid} {...shown} />
      ) : (
        <Picture key={shown.cid} {...shown} />
      )}
    </span>
  );
}

/** The node makes the picture; nothing that somebody has sent is shown as it came. */
function Picture({ cid, mediaType }: Shown): ReactNode {
  const address = usePreviewUrl(cid);
  const [hasBegun, end] = useTurn();
  const [isNone, setNone] = useState(false);
  if (!hasBegun) return null;
  if (isNone) return <None mediaType={mediaType} />;
  return (
    <img
      src={address}
      alt=""
      decoding="async"
      onLoad={end}
      onError={() => {
        end();
        setNone(true);
      }}
    />
  );
}

function Excerpt({ cid, mediaType }: Shown): ReactNode {
  const [hasBegun, end] = useTurn();
  const { data, isError, isFetched } = useQuery({ ...excerptOf(cid), enabled: hasBegun });
  useEffect(() => {
    if (isFetched) end();
  }, [isFetched, end]);
  if (isError) return <None mediaType={mediaType} />;
  return (
    <span className="excerpt" dir="auto">
      {data}
    </span>
  );
}

function None({ mediaType }: { readonly mediaType: string }): ReactNode {
  return (
    <span className="mat-type">
      {mediaType}
      <br />
      {TEXT.asset.noPreview}
    </span>
  );
}
