import './viewer.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { type Asset, previewOf } from '../../api/queries.ts';
import { useObjectUrl } from '../../parts/object-url.ts';
import { TEXT } from '../../text/english.ts';
import { FontSpecimen } from './font-specimen.tsx';
import { Player } from './player.tsx';
import { Reader } from './reader.tsx';
import { ZoomPicture } from './zoom-picture.tsx';

const words = TEXT.asset.viewer;
const Model = lazy(() =>
  import('./model-view.tsx').then(({ ModelView }) => ({ default: ModelView })),
);

const MODELS = new Set(['model/obj', 'model/stl']);
const TEXTS = /^(text\/|application\/(json|xhtml\+xml|xml|x-subrip)$|application\/.+\+(xml|json)$)/;
/** What this browser makes no sound of. */
const SILENT = new Set(['audio/midi']);

/** A work as one looks at, hears or reads it. Removed works show nothing. */
export function Viewer({ asset }: { readonly asset: Asset }): ReactNode {
  const { cid, mediaType, status } = asset;
  const { data: glance, isPending } = useQuery({
    ...previewOf(cid),
    enabled: status !== 'removed',
  });
  const picture = useObjectUrl(glance?.type.startsWith('image/') ? glance : undefined);
  if (status === 'removed') return <Nothing>{words.removed}</Nothing>;
  if (/^(audio|video)\//.test(mediaType) && !SILENT.has(mediaType)) {
    return <Player asset={asset} picture={picture} />;
  }
  if (mediaType.startsWith('font/')) return <FontSpecimen asset={asset} />;
  if (MODELS.has(mediaType)) {
    return (
      <Suspense fallback={<Nothing>{TEXT.states.loading}</Nothing>}>
        <Model asset={asset} />
      </Suspense>
    );
  }
  if (TEXTS.test(mediaType)) return <Reader asset={asset} />;
  if (picture !== undefined) return <ZoomPicture asset={asset} picture={picture} />;
  return <Nothing>{isPending ? TEXT.states.loading : `${mediaType}. ${words.none}`}</Nothing>;
}

function Nothing({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="mat mat-type">{children}</p>;
}
