import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import type { Unsent } from './use-outbox.ts';

const words = TEXT.review.outbox;

/** What is judged and not sent: each with exactly what will be signed, to be taken back or sent. */
export function Outbox({
  unsent,
  sent,
  isSending,
  undo,
  send,
}: {
  readonly unsent: readonly Unsent[];
  readonly sent: number;
  readonly isSending: boolean;
  readonly undo: (key: string) => void;
  readonly send: () => void;
}): ReactNode {
  return (
    <section className="outbox" aria-labelledby="outbox">
      <h2 id="outbox">{words.title}</h2>
      <p role="status">{words.count(unsent.length, sent)}</p>
      <ul className="rows">
        {unsent.map(({ task, outcome, draft, problem }) => (
          <li key={task.key} className="unsent">
            <details>
              <summary>
                {TEXT.review.outcomes[outcome]} <code>{task.asset.slice(-8)}</code>
              </summary>
              <p>{words.exactly}</p>
              <pre>{exactly(draft.payload)}</pre>
              {draft.says.map(
                ({ note }) =>
                  note && (
                    <blockquote key={note} dir="auto">
                      {note}
                    </blockquote>
                  ),
              )}
            </details>
            {problem && <p role="alert">{problem}</p>}
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

/** The bytes that are signed, with room between their parts. */
function exactly(payload: Uint8Array): string {
  return JSON.stringify(JSON.parse(new TextDecoder().decode(payload)), null, 2);
}
