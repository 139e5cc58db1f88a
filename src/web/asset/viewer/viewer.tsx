import './viewer.css';
import { lazy, type ReactNode, Suspense } from 'react';
import { isShownAsText } from '../../../core/renditions/shown-as-text.ts';
import type { Asset } from '../../api/queries.ts';
import { TEXT } from '../../text/english.ts';
import { FontSpecimen } from './font-specimen.tsx';
import { PdfPages } from './pdf-pages.tsx';
import { Player } from './player.tsx';
import { Reader } from './reader.tsx';
import { ZoomPicture } from './zoom-picture.tsx';

const words = TEXT.asset.viewer;
const Model = lazy(() =>
  import('./model-view.tsx').then(({ ModelView }) => ({ default: ModelView })),
);

const PianoRoll = lazy(() =>
  import('./piano-roll.tsx').then(({ PianoRoll: Roll }) => ({ default: Roll })),
);

const MODELS = new Set(['model/obj', 'model/stl', 'model/gltf-binary']);

/** A work as one looks at, hears or reads it. Removed works show nothing. */
export function Viewer({ asset }: { readonly asset: Asset }): ReactNode {
  const { mediaType, status } = asset;
  if (status === 'removed') return <Nothing>{words.removed}</Nothing>;
  // Browsers make no sound of it.
  if (mediaType === 'audio/midi') {
    return (
      <Suspense fallback={<Nothing>{TEXT.states.loading}</Nothing>}>
        <PianoRoll asset={asset} />
      </Suspense>
    );
  }
  if (/^(audio|video)\//.test(mediaType)) return <Player asset={asset} />;
  if (mediaType.startsWith('font/')) return <FontSpecimen asset={asset} />;
  if (MODELS.has(mediaType)) {
    return (
      <Suspense fallback={<Nothing>{TEXT.states.loading}</Nothing>}>
        <Model asset={asset} />
      </Suspense>
    );
  }
  if (mediaType === 'application/pdf') return <PdfPages asset={asset} />;
  if (isShownAsText(mediaType)) return <Reader asset={asset} />;
  return <ZoomPicture asset={asset} />;
}

function Nothing({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="mat mat-type">{children}</p>;
}
