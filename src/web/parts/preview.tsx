import './preview.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
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
  const [isNone, setNone] = useState(false);
  return isNone ? <None mediaType={mediaType} /> : <Image cid={cid} onNone={setNone} />;
}

function Image({
  cid,
  onNone,
}: {
  readonly cid: string;
  readonly onNone: (isNone: true) => void;
}): ReactNode {
  const address = usePreviewUrl(cid);
  const image = useRef<HTMLImageElement>(null);
  // An address is given straight to the element: a tile of many is not rendered again for it.
  const begin = useCallback(() => image.current?.setAttribute('src', address), [address]);
  const end = useTurn(begin);
  // What is passed before it has come is not waited for. Before it leaves the page: Chromium would keep an element
  // whose address changes afterwards, and all that it hung in, for good.
  useLayoutEffect(() => {
    const left = image.current;
    return () => {
      if (left?.complete === false) left.removeAttribute('src');
    };
  }, []);
  return <img ref={image} alt="" decoding="async" onLoad={end} onError={() => onNone(true)} />;
}

function Excerpt({ cid, mediaType }: Shown): ReactNode {
  const [hasBegun, setBegun] = useState(false);
  const end = useTurn(useCallback(() => setBegun(true), []));
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
