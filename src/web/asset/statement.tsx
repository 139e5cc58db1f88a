import './statement.css';
import type { ReactNode } from 'react';
import type { PastStatement } from '../api/asset-queries.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { Verbatim } from './verbatim.tsx';

const words = TEXT.asset.statements;

/** A statement in a line: what was said, by whom and when; it opens to its exact words. */
export function Statement({ said }: { readonly said: PastStatement }): ReactNode {
  const what = kindText(said.kind);
  const of = saidOf(said.body);
  return (
    <details className="statement">
      <summary>
        <span className="statement-what">
          {what}
          {of !== '' && <span className="statement-of">: {of}</span>}{' '}
          {[...new Set(said.namedBy.map(({ kind }) => words.became[kind] ?? ''))]
            .filter((text) => text !== '')
            .map((text) => (
              <span key={text} className="tag">
                {text}
              </span>
            ))}
          {said.lacksWords && <span className="tag">{words.noWords}</span>}
        </span>
        <span className="statement-who">
          {said.author && <bdi>{whoText(said.author)}</bdi>}
          {said.at && <time dateTime={said.at}>{timeText(said.at)}</time>}
        </span>
      </summary>
      <Exactly said={said} />
    </details>
  );
}

function Exactly({ said }: { readonly said: PastStatement }): ReactNode {
  const { author, signer, words: written, body, namedBy, bySet } = said;
  return (
    <div className="exactly">
      {written && 'text' in written && <blockquote dir="auto">{written.text}</blockquote>}
      {written && 'title' in written && (
        <blockquote dir="auto">
          {[written.title, written.makers.join(', '), written.dateText, written.notes]
            .filter((text) => text !== '')
            .join(' · ')}
        </blockquote>
      )}
      {bySet && <p>{words.bySet}</p>}
      <dl className="facts">
        {author && (
          <>
            <dt>{words.recordedBy}</dt>
            <dd>
              <bdi>{whoText(author)}</bdi> {words.as} {author.roles.join(', ')}
              <code className="long">{author.key}</code>
            </dd>
          </>
        )}
        {signer && (
          <>
            <dt>{words.signedBy}</dt>
            <dd>
              <code className="long">{signer}</code>
            </dd>
          </>
        )}
        <dt>{words.id}</dt>
        <dd>
          <CopyText text={said.id} label={words.id} />
        </dd>
        {namedBy.length > 0 && (
          <>
            <dt>{words.namedBy}</dt>
            {namedBy.map(({ id, kind }) => (
              <dd key={id}>
                {kindText(kind)} <code className="long">{id}</code>
              </dd>
            ))}
          </>
        )}
      </dl>
      <Verbatim text={JSON.stringify(body, null, 2)} />
    </div>
  );
}

/** Says what a kind of statement does, in words. */
function kindText(kind: string): string {
  return words.kinds[kind] ?? words.unknownKind(kind);
}

function whoText(author: NonNullable<PastStatement['author']>): string {
  const { name, organisation, organisationName, key } = author;
  const member = name === '' ? `${key.slice(0, 20)}…` : name;
  return organisationName === ''
    ? `${member} (${organisation.slice(0, 8)}…)`
    : name === ''
      ? organisationName
      : `${member}, ${organisationName}`;
}

/** What tells statements of a kind apart. */
const TELLING = ['outcome', 'relation', 'flag', 'reason', 'licence', 'protocol', 'recipe'] as const;

function saidOf(body: Readonly<Record<string, unknown>>): string {
  const telling = TELLING.map((name) => body[name]).find((value) => typeof value === 'string');
  return typeof telling === 'string' ? (words.codes[telling] ?? telling) : '';
}
