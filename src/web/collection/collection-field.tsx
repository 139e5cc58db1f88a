import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { ownCollections } from './queries.ts';

const words = TEXT.collection.bulk.adding;

/** Asks for a collection of this home, or for the name of a new one, and says who may read what lies there. */
export function CollectionField(): ReactNode {
  const { data, error, refetch } = useQuery(ownCollections);
  const [chosen, choose] = useState('');
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <p>{TEXT.states.loading}</p>;
  const known = data.find(({ collection }) => collection === chosen);
  const others = known?.readers.length ?? 0;
  return (
    <>
      <label>
        {words.collection}
        {/* None is chosen at first: what is added by mistake to one that all may read is not taken back. */}
        <select
          className="control"
          required
          value={chosen}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{words.choose}</option>
          {data.map((one) => (
            <option key={one.collection} value={one.collection}>
              {words.option(one.name, countText(one.assets))}
            </option>
          ))}
          <option value={NEW}>{words.another}</option>
        </select>
      </label>
      {known && <input type="hidden" name="collection" value={known.name} />}
      {chosen === NEW && (
        <label>
          {words.named}
          <input name="collection" className="control" dir="auto" maxLength={256} required />
        </label>
      )}
      <p role="status">
        {chosen !== '' && words.readers[known?.visibility ?? 'organisation']}
        {others > 0 && ` ${words.others(countText(others))}`}
      </p>
    </>
  );
}

/** No salted id. */
const NEW = 'new';
