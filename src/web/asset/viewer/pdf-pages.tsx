import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { usePreviewUrl } from '../../api/asset-bytes.ts';
import { Refusal } from '../../api/client.ts';
import type { Asset } from '../../api/queries.ts';
import { TEXT } from '../../text/english.ts';

const words = TEXT.asset.viewer.pages;

/** What the node says of a number behind the last page, and of a document that it cannot draw. */
const NO_PAGE = 'input_invalid';
const NO_PREVIEW = 'preview_unavailable';

/** A PDF to be read, a page at a time, as the node draws it: no document runs in the browser. */
export function PdfPages({ asset }: { readonly asset: Asset }): ReactNode {
  const [page, setPage] = useState(1);
  /** The first page that is not there, as far as that is known. */
  const [end, setEnd] = useState(Number.POSITIVE_INFINITY);
  const [isBroken, setBroken] = useState(false);
  const shown = useRef(page);
  shown.current = page;
  const preview = usePreviewUrl(asset.cid);
  const source = `${preview}${preview.includes('?') ? '&' : '?'}page=${page}`;
  if (end <= 1) {
    return (
      <p className="mat mat-type">
        {asset.mediaType}. {TEXT.asset.viewer.none}
      </p>
    );
  }
  const go = (to: number) => {
    if (to < 1 || to >= end) return;
    setPage(to);
    setBroken(false);
  };
  const lookWhy = async () => {
    const code = await refusalOf(source);
    // Another page was turned to meanwhile.
    if (page !== shown.current) return;
    if (code !== NO_PAGE && (code !== NO_PREVIEW || page > 1)) return setBroken(true);
    setEnd(page);
    setPage(Math.max(1, page - 1));
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
      {isBroken ? (
        <p role="alert">
          {words.broken(page)}{' '}
          <button type="button" className="control" onClick={() => setBroken(false)}>
            {words.again}
          </button>
        </p>
      ) : (
        <img
          key={page}
          className="pdf-page"
          src={source}
          alt={words.alt(name, page)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys turn the pages
          tabIndex={0}
          onKeyDown={onKeyDown}
          onError={() => void lookWhy()}
        />
      )}
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

/** An element does not say why it shows nothing. Undefined where the node did not answer, or answers by now. */
async function refusalOf(source: string): Promise<string | undefined> {
  const response = await fetch(source).catch(() => undefined);
  if (response === undefined || response.ok) return undefined;
  return new Refusal(response.status, await response.json().catch(() => ({}))).code;
}
