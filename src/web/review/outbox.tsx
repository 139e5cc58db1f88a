import type { ReactNode } from 'react';
import type { Draft } from '../api/sign-statement.ts';
import { TEXT } from '../text/english.ts';
import type { Unsent } from './use-outbox.ts';

const words = TEXT.review.outbox;

/** Rows that are on the page at once, with and without trouble. */
const SHOWN = 10;

/** What is judged and not sent: each with exactly what will be signed, to be taken back or sent. */
export function Outbox({
  unsent,
  sent,
  isSending,
  isKept,
  problem: wholeProblem,
  undo,
  send,
}: {
  readonly unsent: readonly Unsent[];
  readonly sent: readonly string[];
  readonly isSending: boolean;
  readonly isKept: boolean;
  readonly problem: string | undefined;
  readonly undo: (key: string) => void;
  readonly send: () => void;
}): ReactNode {
  const troubled = unsent.filter(({ problem }) => problem !== undefined);
  const newest = unsent.filter(({ problem }) => problem === undefined).slice(-SHOWN);
  const shown = [...troubled.slice(0, SHOWN), ...newest.reverse()];
  const older = unsent.length - shown.length;
  return (
    <section className="outbox" aria-labelledby="outbox">
      <h2 id="outbox">{words.title}</h2>
      <p role="status">{words.count(unsent.length, sent.length)}</p>
      {unsent.length > 0 && <p className="waiting-why">{isKept ? words.kept : words.notKept}</p>}
      {wholeProblem && (
        <p role="alert" className="problem">
          {wholeProblem}
        </p>
      )}
      {older > 0 && <p className="waiting-why">{words.older(older)}</p>}
      <ul className="rows">
        {shown.map(({ task, judgement: { outcome }, draft, problem }) => (
          <li key={task.key} className="unsent">
            <details>
              <summary>
                {TEXT.review.outcomes[outcome]} <code>{task.asset.slice(-8)}</code>
              </summary>
              {draft && <Exactly draft={draft} about={task.asset} />}
            </details>
            {problem && (
              <p role="alert" className="problem">
                {problem}
              </p>
            )}
            <button type="button" className="control" onClick={() => undo(task.key)}>
              {words.undo}
              <span className="hidden"> {task.asset}</span>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="control control-main"
        disabled={unsent.length === 0 || isSending}
        onClick={send}
      >
        {isSending ? TEXT.signing.signing : words.send(unsent.length)}
      </button>
    </section>
  );
}

/** The bytes that are signed, with room between their parts. Draws are signed together, each with these words. */
function Exactly({
  draft: { payload, says },
  about,
}: {
  readonly draft: Draft;
  readonly about: string;
}): ReactNode {
  return (
    <>
      <p>{words.exactly}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too */}
      <section className="outbox-exact" aria-label={`${words.exactly} ${about}`} tabIndex={0}>
        <pre>{JSON.stringify(JSON.parse(new TextDecoder().decode(payload)), null, 2)}</pre>
      </section>
      {says.map(
        ({ note }) =>
          note && (
            <blockquote key={note} dir="auto">
              {note}
            </blockquote>
          ),
      )}
    </>
  );
}
