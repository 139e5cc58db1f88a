import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { toHex } from '../../core/hash.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import type { CheckedEntry } from './check-entry.ts';
import { kindText } from './kind-text.ts';

const words = TEXT.audit.entry;
const AT_ONCE = 50;

/** What an entry says, out of the bytes that were checked; whether it counts is the node's word. */
export function EntryStatements({
  check: { statements, speakers },
  told,
}: Pick<CheckedEntry, 'check' | 'told'>): ReactNode {
  const [shown, setShown] = useState(AT_ONCE);
  return (
    <section aria-labelledby="entry-statements">
      <h2 id="entry-statements">{words.statements}</h2>
      <ol className="statements">
        {statements.slice(0, shown).map((outline, place) => (
          <Statement
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a statement is called by
            key={place}
            outline={outline}
            speaker={speakers[place] === told.author.key ? undefined : speakers[place]}
            told={told.statements[place]}
          />
        ))}
      </ol>
      {shown < statements.length && (
        <button
          type="button"
          className="control"
          onClick={() => setShown((before) => before + AT_ONCE)}
        >
          {words.more(countText(statements.length - shown))}
        </button>
      )}
    </section>
  );
}

function Statement({
  outline: { kind, about, at, body },
  speaker,
  told,
}: {
  readonly outline: StatementOutline;
  readonly speaker: string | undefined;
  readonly told: CheckedEntry['told']['statements'][number] | undefined;
}): ReactNode {
  return (
    <li className="log-statement">
      <h3>{kindText(kind)}</h3>
      <p className="check-text">
        <time dateTime={at}>{timeText(at)}</time>
        {told && told.outcome !== 'standing' && <strong> {words.outcomes[told.outcome]}</strong>}
        {told?.reason && <span dir="auto"> {told.reason}</span>}
      </p>
      {about !== null && 'asset' in about && (
        <p className="statement-about">
          {words.about}{' '}
          <Link to="/assets/$cid" params={{ cid: about.asset }}>
            {about.asset}
          </Link>
        </p>
      )}
      {about !== null && 'set' in about && (
        <p className="statement-about">
          {words.aboutSet} <code>{about.set}</code>
        </p>
      )}
      {speaker && (
        <p className="statement-about">
          {words.speaker} <code>{speaker}</code>
        </p>
      )}
      <details>
        <summary>{words.body}</summary>
        <pre dir="auto">{JSON.stringify(body, readable, 2)}</pre>
      </details>
    </li>
  );
}

function readable(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}
