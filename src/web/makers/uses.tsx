import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import type { MadeClaims } from './work-page.tsx';

type Use = MadeClaims['uses'][number];

const words = TEXT.makers.work;

/** Every release, pull and model that a work went into, and what is to be done there. */
export function Uses({ made: { uses, isCut } }: { readonly made: MadeClaims }): ReactNode {
  return (
    <section className="maker-section">
      <h2>{words.uses}</h2>
      {uses.length === 0 && <p className="soft">{words.noUses}</p>}
      <ul className="things-said">
        {uses.map((use) => (
          <li key={use.kind === 'release' ? use.release : use.id}>
            <One use={use} />
          </li>
        ))}
      </ul>
      {isCut && <p>{words.cut}</p>}
    </section>
  );
}

function One({ use }: { readonly use: Use }): ReactNode {
  switch (use.kind) {
    case 'release':
      return (
        <>
          <p dir="auto">
            {words.release}{' '}
            <strong>{use.name === null ? words.unnamed : `${use.name} ${use.version}`}</strong>
          </p>
          <p>{words.is[use.left.is]}</p>
          <p className="soft">
            {TEXT.collection.purposes[use.purpose]}
            {use.left.since !== null && ` · ${words.since(String(use.left.since))}`}
          </p>
        </>
      );
    case 'receipt':
      return (
        <>
          <p>
            {words.pull} <code>{use.puller}</code>
          </p>
          <p>{words.obligations[use.obligation]}</p>
          <time className="soft" dateTime={use.at}>
            {timeText(use.at)}
          </time>
        </>
      );
    case 'model':
      return (
        <>
          <p dir="auto">
            {words.model} <strong>{use.model}</strong>
          </p>
          <p>{words.obligations[use.obligation]}</p>
          <time className="soft" dateTime={use.at}>
            {timeText(use.at)}
          </time>
        </>
      );
  }
}
