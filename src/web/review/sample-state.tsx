import type { ReactNode } from 'react';
import { Empty } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import type { Attestation, Draws } from './review-queries.ts';

const words = TEXT.review.samples;

/** How far a sample is judged, what lies in the outbox included. */
export function SampleProgress({
  next: { size, judged },
  unsent,
}: {
  readonly next: Draws;
  readonly unsent: number;
}): ReactNode {
  return (
    <p className="sample-progress">
      <progress max={size} value={Math.min(size, judged + unsent)} aria-label={words.progress} />
      <span className="waiting-why">{words.judged(judged, unsent, size)}</span>
    </p>
  );
}

/** What is told where no draw is left to judge. */
export function SampleEnd({
  attestation,
  unsent,
}: {
  readonly attestation: Attestation | undefined;
  readonly unsent: number;
}): ReactNode {
  if (unsent > 0) {
    return (
      <Empty title={words.allJudged}>
        <p>{words.sendThem}</p>
      </Empty>
    );
  }
  const { outcome = 'none', size = 0 } = attestation ?? {};
  return (
    <Empty title={words.outcomes[outcome](size)}>
      <p>{words.after[outcome]}</p>
    </Empty>
  );
}
