import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Attestation } from './review-queries.ts';

const words = TEXT.review.samples;

/** The sets that institutions attest, each with what its sample shows and a way to judge it. */
export function Samples({
  attestations,
  chosen,
  onChoose,
}: {
  readonly attestations: readonly Attestation[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}): ReactNode {
  if (attestations.length === 0) return null;
  return (
    <section aria-labelledby="samples">
      <h2 id="samples">{words.title}</h2>
      <ul className="rows waiting">
        {attestations.map(({ id, assets, outcome, size, seed, failures, isOwn }) => (
          <li key={id}>
            <button
              type="button"
              className="waiting-one"
              aria-pressed={chosen === id}
              disabled={isOwn || seed === null || outcome === 'clean'}
              onClick={() => onChoose(chosen === id ? undefined : id)}
            >
              <span>{words.set(countText(assets))}</span>
              <span className="waiting-why">
                {seed === null ? words.noSeed : words.outcomes[outcome](size)}
                {isOwn && ` ${words.own}`}
                {failures > 0 && ` ${words.failures(failures)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
