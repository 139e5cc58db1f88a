import { type ReactNode, useState } from 'react';
import { useBytesUrl, usePreviewUrl } from '../../api/asset-bytes.ts';
import type { Asset } from '../../api/queries.ts';
import { TEXT } from '../../text/english.ts';

const words = TEXT.asset.viewer;

/** A sound or a film, played by the browser from the work's own bytes. Nothing comes before one plays it. */
export function Player({ asset }: { readonly asset: Asset }): ReactNode {
  const picture = usePreviewUrl(asset.cid);
  const address = useBytesUrl(asset.cid);
  const [isBroken, setBroken] = useState(false);
  const name = asset.title || TEXT.collection.noTitle;
  const shared = {
    ...{ controls: true, preload: 'none', src: address, 'aria-label': name },
    onError: () => setBroken(true),
  };
  const isFilm = asset.mediaType.startsWith('video/');
  return (
    <figure className="sheet">
      {!isFilm && (
        <span
          className="waveform"
          role="img"
          aria-label={words.waveform}
          style={{ maskImage: `url("${picture}")` }}
        />
      )}
      {isFilm ? <video {...shared} poster={picture} /> : <audio {...shared} />}
      {isBroken && <figcaption role="status">{words.cannotPlay}</figcaption>}
    </figure>
  );
}
