import { useQueries } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { CANONICAL_CID } from '../../core/cid.ts';
import { assetNamed } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.makers.sign;

/** The works that are signed for, called by their titles where anybody may read these; more by CID. */
export function WorksChosen({
  assets,
  onChoose,
}: {
  readonly assets: readonly string[];
  readonly onChoose: (assets: readonly string[]) => void;
}): ReactNode {
  const [cid, setCid] = useState('');
  const named = useQueries({
    queries: assets.map((asset) => ({ ...assetNamed(asset), retry: false })),
  });
  return (
    <section className="maker-section">
      <h2>{words.works}</h2>
      {assets.length === 0 && <p className="soft">{words.none}</p>}
      <ul className="cids">
        {assets.map((asset, place) => (
          <li key={asset}>
            <span className="chosen" dir="auto">
              <strong>{named[place]?.data?.title}</strong>
              <code>{asset}</code>
            </span>
            <button
              type="button"
              className="control"
              onClick={() => onChoose(assets.filter((one) => one !== asset))}
            >
              {words.remove}
            </button>
          </li>
        ))}
      </ul>
      <details open={assets.length === 0}>
        <summary>{words.more}</summary>
        <form
          className="maker-form"
          onSubmit={(event) => {
            event.preventDefault();
            onChoose([...new Set([...assets, cid.trim()])]);
            setCid('');
          }}
        >
          <label className="maker-field">
            {words.cid}
            <input
              className="control"
              required
              autoComplete="off"
              spellCheck={false}
              pattern={CANONICAL_CID.source}
              title={words.notCid}
              value={cid}
              onChange={({ target }) => setCid(target.value)}
            />
          </label>
          <button type="submit" className="control">
            {words.add}
          </button>
        </form>
      </details>
    </section>
  );
}
