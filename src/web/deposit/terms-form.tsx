import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { archiveState } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import type { Terms } from './terms.ts';

const words = TEXT.deposit;

/** Which collection the files go to, and whether the institution holds the works. */
export function TermsForm({
  terms,
  onChange,
}: {
  readonly terms: Terms;
  readonly onChange: (terms: Terms) => void;
}): ReactNode {
  const { data } = useQuery(archiveState);
  return (
    <section className="step">
      <h2>{words.where}</h2>
      <div className="choice collection-choice">
        <label className="choice-label" htmlFor="collection">
          {words.collection}
        </label>
        <input
          id="collection"
          className="control"
          list="collections"
          maxLength={256}
          dir="auto"
          value={terms.collection}
          onChange={({ target }) => onChange({ ...terms, collection: target.value })}
        />
        <datalist id="collections">
          {data?.collections.map(({ id, name }) => (
            <option key={id} value={name} />
          ))}
        </datalist>
      </div>
      <label className="check-line">
        <input
          type="checkbox"
          checked={terms.custody}
          onChange={() => onChange({ ...terms, custody: !terms.custody })}
        />
        <span>
          {words.custody}
          <span className="soft">{words.custodyMore}</span>
        </span>
      </label>
    </section>
  );
}
