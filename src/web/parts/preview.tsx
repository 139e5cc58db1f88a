import './preview.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { previewOf } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { useObjectUrl } from './object-url.ts';

/** A work at a glance, on a mat; asked for when it comes near. What stands beside it says what it is. */
export function Preview({
  cid,
  mediaType,
}: {
  readonly cid: string;
  readonly mediaType: string;
}): ReactNode {
  const identity = useIdentity();
  const mat = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (mat.current === null) return;
    const watcher = new IntersectionObserver(([seen]) => setNear(seen?.isIntersecting ?? false), {
      rootMargin: '400px',
    });
    watcher.observe(mat.current);
    return () => watcher.disconnect();
  }, []);
  const { data, isError } = useQuery({ ...previewOf(cid), enabled: isNear && Boolean(identity) });
  return (
    <span className="mat" ref={mat} aria-hidden="true">
      {data?.type.startsWith('image/') && <Picture blob={data} />}
      {data?.type.startsWith('text/') && <Excerpt blob={data} />}
      {(isError || identity === null) && (
        <span className="mat-type">
          {mediaType}
          <br />
          {TEXT.asset.noPreview}
        </span>
      )}
    </span>
  );
}

function Picture({ blob }: { readonly blob: Blob }): ReactNode {
  const address = useObjectUrl(blob);
  return address && <img src={address} alt="" />;
}

function Excerpt({ blob }: { readonly blob: Blob }): ReactNode {
  const [text, setText] = useState('');
  useEffect(() => {
    let isGone = false;
    void blob.text().then((read) => isGone || setText(read.slice(0, 1000)));
    return () => {
      isGone = true;
    };
  }, [blob]);
  return (
    <span className="excerpt" dir="auto">
      {text}
    </span>
  );
}
