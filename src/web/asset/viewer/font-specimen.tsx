import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { beginningOf } from '../../api/asset-queries.ts';
import type { Asset } from '../../api/queries.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { TEXT } from '../../text/english.ts';

const words = TEXT.asset.viewer;

const MOST = 32 * 1024 * 1024;

/** A font set in its own letters, and one's own words. It is known to this page alone, while it is shown. */
export function FontSpecimen({ asset }: { readonly asset: Asset }): ReactNode {
  const id = useId();
  const { data, error, refetch } = useQuery(beginningOf(asset.cid, MOST));
  const [family, setFamily] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  const [own, setOwn] = useState('');
  useEffect(() => {
    if (data === undefined) return;
    let isGone = false;
    const face = new FontFace(`work-${asset.cid}`, data.bytes);
    face.load().then(
      () => {
        if (isGone) return;
        document.fonts.add(face);
        setFamily(face.family);
      },
      () => isGone || setBroken(true),
    );
    return () => {
      isGone = true;
      document.fonts.delete(face);
    };
  }, [asset.cid, data]);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (isBroken) return <p className="mat mat-type">{words.brokenFont}</p>;
  if (family === undefined) return <Loading />;
  return (
    <figure className="sheet">
      <div className="specimen" style={{ fontFamily: `"${family}"` }} lang="en">
        <p className="specimen-largest">{own || words.specimen.short}</p>
        <p className="specimen-large">{words.specimen.letters}</p>
        <p>{words.specimen.sentence}</p>
      </div>
      <figcaption>
        <label htmlFor={id} className="choice-label">
          {words.specimen.own}
        </label>
        <input
          id={id}
          className="control try"
          dir="auto"
          maxLength={200}
          value={own}
          onChange={({ target }) => setOwn(target.value)}
        />
      </figcaption>
    </figure>
  );
}
