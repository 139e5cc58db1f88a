import './makers.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText } from '../text/figures.ts';
import { MakerPage } from './maker-page.tsx';
import { offered } from './offer.ts';

type Answer = operations['findWork']['responses'][200]['content']['application/json'];

const words = TEXT.makers.ask;

/** What a picture that is shown may weigh: as many as are found are loaded together. */
const MOST_SHOWN_BYTES = 4 * 1_048_576;
const SHOWN = /^image\/(jpeg|png|webp|gif|avif)$/;

/** "Is my work here?": a file, what is like it, and what one can do then. */
export function AskPage(): ReactNode {
  const { data: offer, error } = useQuery(offered);
  const [file, setFile] = useState<File>();
  const asking = useMutation({ mutationFn: ask });
  if (error) return <Failure isPage error={error} />;
  if (offer === undefined) return <Loading />;
  return (
    <MakerPage title={words.title}>
      {offer.asks === null ? (
        <p>{words.closed}</p>
      ) : (
        <form
          className="maker-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (file !== undefined) asking.mutate(file);
          }}
        >
          <label className="maker-field">
            {words.file}
            <input type="file" required onChange={({ target }) => setFile(target.files?.[0])} />
            <small>{TEXT.makers.remaining(sizeText(offer.asks))}</small>
          </label>
          <p className="soft">{words.promise}</p>
          <button type="submit" className="control primary" disabled={asking.isPending}>
            {asking.isPending ? words.asking : words.button}
          </button>
        </form>
      )}
      {asking.error && (
        <p role="alert" dir="auto">
          {asking.error instanceof TypeError ? TEXT.states.offlineTitle : asking.error.message}
        </p>
      )}
      <div role="status">{asking.data && <Summary answer={asking.data} />}</div>
      {asking.data && <Found answer={asking.data} />}
    </MakerPage>
  );
}

function ask(file: File): Promise<Answer> {
  const name = file.name.slice(-255);
  return answered(
    api.POST('/api/v1/find', {
      params: { query: { name } },
      headers: { 'content-type': 'application/octet-stream' },
      // The description has no words for bytes.
      body: file as never,
      bodySerializer: (bytes) => bytes,
    }),
  );
}

function Summary({ answer: { found, compared } }: { readonly answer: Answer }): ReactNode {
  return (
    <>
      <h2>{found.length === 0 ? words.nothing : words.found(countText(found.length))}</h2>
      <p className="soft">{words.compared[compared ?? 'bytes']}</p>
    </>
  );
}

function Found({ answer: { found, cid } }: { readonly answer: Answer }): ReactNode {
  return (
    <>
      <ol className="found">
        {found.map((one) => (
          <li key={one.cid}>
            {SHOWN.test(one.mediaType) && one.size <= MOST_SHOWN_BYTES && (
              <img src={`/ipfs/${one.cid}`} alt="" loading="lazy" />
            )}
            <div className="found-words">
              <strong dir="auto">{one.title || TEXT.collection.noTitle}</strong>
              <span className="soft">{words.likeness[one.likeness]}</span>
              <span className="actions">
                <Link className="control" to="/makers/sign" search={{ assets: [one.cid] }}>
                  {words.mine}
                </Link>
                <Link className="control" to="/makers/object/$cid" params={{ cid: one.cid }}>
                  {words.object}
                </Link>
              </span>
            </div>
          </li>
        ))}
      </ol>
      <p className="soft">{words.cid}</p>
      <CopyText text={cid} label={words.cid} />
    </>
  );
}
