import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { beginningOf } from '../../api/asset-queries.ts';
import type { Asset } from '../../api/queries.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { TEXT } from '../../text/english.ts';

const words = TEXT.asset.viewer;

const FIRST = 64 * 1024;
const MOST = 4 * 1024 * 1024;

/** A text to read: as letters alone, whatever markup is in it. */
export function Reader({ asset }: { readonly asset: Asset }): ReactNode {
  const [most, setMost] = useState(FIRST);
  const { data, error, isFetching, refetch } = useQuery(beginningOf(asset.cid, most));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const isProse = /^text\/(plain|markdown)$/.test(asset.mediaType);
  return (
    <figure className="sheet">
      <section
        className={isProse ? 'reader' : 'reader reader-code'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        tabIndex={0}
        aria-label={words.text}
        dir="auto"
      >
        {new TextDecoder().decode(data.bytes, { stream: !data.isAll })}
      </section>
      {!data.isAll && (
        <figcaption>
          {most < MOST ? (
            <button
              type="button"
              className="control"
              disabled={isFetching}
              onClick={() => setMost(most * 8)}
            >
              {words.readOn}
            </button>
          ) : (
            words.tooLong
          )}
        </figcaption>
      )}
    </figure>
  );
}
