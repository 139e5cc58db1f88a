import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { usePreviewUrl } from '../../api/asset-bytes.ts';
import type { Asset } from '../../api/queries.ts';
import { TEXT } from '../../text/english.ts';

const words = TEXT.asset.viewer.pages;

/** A PDF to be read, a page at a time, as the node draws it: no document runs in the browser. */
export function PdfPages({ asset }: { readonly asset: Asset }): ReactNode {
  const [page, setPage] = useState(1);
  /** The first page that is not there, as far as that is known. */
  const [end, setEnd] = useState(Number.POSITIVE_INFINITY);
  const preview = usePreviewUrl(asset.cid);
  if (end <= 1) {
    return (
      <p className="mat mat-type">
        {asset.mediaType}. {TEXT.asset.viewer.none}
      </p>
    );
  }
  const go = (to: number) => {
    if (to >= 1 && to < end) setPage(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { PageDown: page + 1, PageUp: page - 1, Home: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const name = asset.title || TEXT.collection.noTitle;
  return (
    <figure className="sheet">
      <img
        key={page}
        className="pdf-page"
        src={`${preview}${preview.includes('?') ? '&' : '?'}page=${page}`}
        alt={words.alt(name, page)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys turn the pages
        tabIndex={0}
        onKeyDown={onKeyDown}
        onError={() => {
          setEnd(page);
          setPage(Math.max(1, page - 1));
        }}
      />
      <figcaption className="pdf-keys">
        <button
          type="button"
          className="control"
          disabled={page === 1}
          onClick={() => go(page - 1)}
        >
          {words.before}
        </button>
        <span role="status">{words.page(page, page + 1 === end)}</span>
        <button
          type="button"
          className="control"
          disabled={page + 1 >= end}
          onClick={() => go(page + 1)}
        >
          {words.after}
        </button>
      </figcaption>
    </figure>
  );
}
