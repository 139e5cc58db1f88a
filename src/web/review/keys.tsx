import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';

const words = TEXT.review.keys;

/** Which keys do what, and a way to have none of them do anything. */
export function Keys({
  areOn,
  isSample,
  onTurn,
}: {
  readonly areOn: boolean;
  readonly isSample: boolean;
  readonly onTurn: (areOn: boolean) => void;
}): ReactNode {
  return (
    <section className="keys" aria-labelledby="keys">
      <h2 id="keys">{words.title}</h2>
      <label className="outcome">
        <input type="checkbox" checked={areOn} onChange={({ target }) => onTurn(target.checked)} />
        <span>{words.on}</span>
      </label>
      <dl>
        {[...(isSample ? words.ofSamples : words.ofWorks), ...words.list].map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
