import './first-steps.css';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';

const words = TEXT.firstSteps;

const STEPS = [
  { to: '/deposit', ...words.deposit },
  { to: '/review', ...words.review },
  { to: '/releases/new', ...words.release },
  { to: '/partners', ...words.partners },
] as const;

/** What there is to do in an archive that holds nothing yet, in order, each with the page where it is done. */
export function FirstSteps(): ReactNode {
  return (
    <section className="first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">{words.title}</h2>
      <p className="lead">{words.lead}</p>
      <ol>
        {STEPS.map(({ to, title, text }, place) => (
          <li key={to}>
            <Link to={to} className={place === 0 ? 'first-step first-step-next' : 'first-step'}>
              <strong>{title}</strong>
              <span>{text}</span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
