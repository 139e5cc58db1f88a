import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { OBJECTION_REASONS } from '../../core/ports/objections.ts';
import { assetNamed } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { TEXT } from '../text/english.ts';
import { dayText, timeText } from '../text/figures.ts';
import type { Objection } from './objection-queries.ts';

const words = TEXT.objections;

/** One objection: the work, what is said against it, until when, and the answer or the way to give one. */
export function ObjectionCard({
  objection,
  onAnswer,
}: {
  readonly objection: Objection;
  readonly onAnswer: (objection: Objection) => void;
}): ReactNode {
  const { id, asset, reason, text, at, deadline, answer, stop, isOverdue } = objection;
  const { data: work } = useQuery(assetNamed(asset));
  const name = work?.title || asset.slice(-12);
  return (
    <li className="objection">
      <div className="objection-work">
        {work && <Preview cid={asset} mediaType={work.mediaType} />}
      </div>
      <div className="objection-words">
        <h2 dir="auto">
          <Link to="/assets/$cid" params={{ cid: asset }}>
            {name}
          </Link>
        </h2>
        <p>
          <strong>{OBJECTION_REASONS[reason]}</strong>
        </p>
        <section
          className="objection-said"
          dir="auto"
          aria-label={words.theirWords(id)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
          tabIndex={0}
        >
          {text}
        </section>
        <dl className="facts">
          <dt>{words.came}</dt>
          <dd>
            <time dateTime={at}>{timeText(at)}</time>
          </dd>
          <dt>{words.until}</dt>
          <dd>
            <time dateTime={deadline}>{dayText(deadline)}</time>
          </dd>
          {answer && (
            <>
              <dt>{words.yourAnswer}</dt>
              <dd>
                {words.outcomes[answer.outcome]}, {timeText(answer.at)}
                {answer.text !== '' && (
                  <blockquote className="objection-told" dir="auto">
                    {answer.text}
                  </blockquote>
                )}
              </dd>
            </>
          )}
        </dl>
        {isOverdue && <p className="objection-overdue">{words.overdue}</p>}
        {!isOverdue && stop !== null && <p className="soft">{words.held}</p>}
        <p>
          <button type="button" className="control" onClick={() => onAnswer(objection)}>
            {answer === null ? words.answer : words.again}
            <span className="hidden" dir="auto">
              {' '}
              {name}
            </span>
          </button>
        </p>
      </div>
    </li>
  );
}
