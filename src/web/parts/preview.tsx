import './preview.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isShownAsText } from '../../core/renditions/shown-as-text.ts';
import { usePreviewUrl } from '../api/asset-bytes.ts';
import { excerptOf } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { takeTurn } from './picture-turns.ts';

interface Shown {
  readonly cid: string;
  readonly mediaType: string;
}

/** A work at a glance, on a mat. What stands beside it says what it is. */
export function Preview(shown: Shown): ReactNode {
  return (
    <span className="mat" aria-hidden="true">
      {isShownAsText(shown.mediaType) ? (
        <Excerpt {...shown} />
      ) : (
        <Picture key={shown.cid} {...shown} />
      )}
    </span>
  );
}

/** The node makes the picture; nothing that somebody has sent is shown as it came. */
function Picture({ cid, mediaType }: Shown): ReactNode {
  const address = usePreviewUrl(cid);
  const [state, setState] = useState<'waiting' | 'loading' | 'none'>('waiting');
  const end = useRef(() => {});
  useEffect(() => {
    end.current = takeTurn(() => setState('loading'));
    return () => end.current();
  }, []);
  if (state === 'waiting') return null;
  if (state === 'none') return <None mediaType={mediaType} />;
  return (
    <img
      src={address}
      alt=""
      decoding="async"
      onLoad={() => end.current()}
      onError={() => {
        end.current();
        setState('none');
      }}
    />
  );
}

function Excerpt({ cid, mediaType }: Shown): ReactNode {
  const { data, isError } = useQuery(excerptOf(cid));
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
