import './zoom-picture.css';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useBytesUrl, usePreviewUrl } from '../../api/asset-bytes.ts';
import type { Asset } from '../../api/queries.ts';
import { TEXT } from '../../text/english.ts';
import { useDrag } from './use-drag.ts';

const words = TEXT.asset.viewer;

const STEPS = [1, 1.5, 2, 3, 4, 6, 8] as const;
/** Pictures that every browser decodes, and of which one in memory does no harm. */
const DECODED = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);
const MOST_PIXELS = 50_000_000;

/**
 * A picture to look at closely. Magnified it is a window that scrolls, so that keys, fingers and wheels
 * move it as anything else; plus, minus and 0 magnify. Beyond its own size the original takes the place
 * of the preview, unless it is too large for a browser.
 */
export function ZoomPicture({ asset }: { readonly asset: Asset }): ReactNode {
  const [step, setStep] = useState(0);
  const original = useBytesUrl(asset.cid);
  const preview = usePreviewUrl(asset.cid);
  const [isWhole, setWhole] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const view = useRef<HTMLDivElement>(null);
  const zoom = STEPS[step] ?? 1;
  const last = useRef(zoom);
  useLayoutEffect(() => {
    const { current: box } = view;
    if (box === null || last.current === zoom) return;
    // What is in the middle stays there.
    const by = zoom / last.current;
    last.current = zoom;
    box.scrollLeft = (box.scrollLeft + box.clientWidth / 2) * by - box.clientWidth / 2;
    box.scrollTop = (box.scrollTop + box.clientHeight / 2) * by - box.clientHeight / 2;
  }, [zoom]);
  useDrag(view);
  const canShowWhole = isDecodedHere(asset);
  const go = (to: number) => {
    const next = Math.min(Math.max(to, 0), STEPS.length - 1);
    setStep(next);
    if (next > 0 && canShowWhole) setWhole(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { '+': step + 1, '=': step + 1, '-': step - 1, '0': 0 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  };
  if (isMissing) {
    return (
      <p className="mat mat-type">
        {asset.mediaType}. {words.none}
      </p>
    );
  }
  const name = asset.title || TEXT.collection.noTitle;
  return (
    <figure className="zoom">
      <section
        className="zoom-view"
        ref={view}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        tabIndex={0}
        aria-label={words.keys}
        onKeyDown={onKeyDown}
      >
        <div className="zoom-sheet" style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
          <img
            src={isWhole && original !== undefined ? original : preview}
            alt={name}
            draggable={false}
            onError={() => (isWhole ? setWhole(false) : setMissing(true))}
          />
        </div>
      </section>
      <figcaption className="zoom-keys">
        <button
          type="button"
          className="control"
          disabled={step === 0}
          onClick={() => go(step - 1)}
        >
          − <span className="hidden">{words.smaller}</span>
        </button>
        <output aria-live="polite">{words.zoom(zoom)}</output>
        <button
          type="button"
          className="control"
          disabled={step === STEPS.length - 1}
          onClick={() => go(step + 1)}
        >
          + <span className="hidden">{words.larger}</span>
        </button>
        <button type="button" className="control" disabled={step === 0} onClick={() => go(0)}>
          {words.fit}
        </button>
        {!canShowWhole && <span className="asked">{words.previewOnly}</span>}
      </figcaption>
    </figure>
  );
}

function isDecodedHere({ mediaType, findings }: Asset): boolean {
  const size = findings.find(({ inspector }) => inspector === 'format')?.facts;
  const pixels = Number(size?.['width']) * Number(size?.['height']);
  return DECODED.has(mediaType) && pixels <= MOST_PIXELS;
}
