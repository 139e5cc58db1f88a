import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { TEXT } from '../text/english.ts';
import type { Objection } from './objection-queries.ts';

const words = TEXT.objections;
const OUTCOMES = ['upheld', 'dismissed'] as const;

type Outcome = (typeof OUTCOMES)[number];

/** Answers an objection once whoever answers has seen what follows; never over what somebody else has answered. */
export function AnswerDialog({
  objection: { id, asset, answer },
  onClose,
}: {
  readonly objection: Objection;
  readonly onClose: () => void;
}): ReactNode {
  const field = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [outcome, setOutcome] = useState<Outcome>();
  const [text, setText] = useState('');
  const [isTakedown, setTakedown] = useState(false);
  /** Answered, and not taken down yet: answered again, it would be refused as somebody else's answer. */
  const [isAnswered, setAnswered] = useState(false);
  const stopKey = useRef(crypto.randomUUID());
  // One key for one answer: after a lost reply the same words are sent again, and others anew.
  const sentAs = useRef({ words: '', key: '' });
  const queries = useQueryClient();
  // Closed before it is gone, so that focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const answering = useMutation({
    mutationFn: async (given: Outcome) => {
      if (!isAnswered) {
        const body = { id, outcome: given, text, seen: answer?.at ?? null };
        const said = JSON.stringify(body);
        if (sentAs.current.words !== said)
          sentAs.current = { words: said, key: crypto.randomUUID() };
        const headers = { 'idempotency-key': sentAs.current.key };
        await answered(api.POST('/api/v1/operations/objection.answer', { body, headers }));
        setAnswered(true);
      }
      if (given !== 'upheld' || !isTakedown) return;
      const takedown = { kind: 'takedown', reason: `objection:${id}`, authority: null } as const;
      const stop = { words: takedown, subject: { assets: [asset] } };
      try {
        const headers = { 'idempotency-key': stopKey.current };
        await answered(api.POST('/api/v1/operations/stop', { body: stop, headers }));
      } catch (error) {
        throw new Error(words.takedownFailed(error instanceof Error ? error.message : ''));
      }
    },
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['objections'] }),
  });
  const { error, isPending } = answering;
  return (
    <dialog ref={dialog} className="window" aria-labelledby={`${field}-title`} onClose={onClose}>
      <h2 id={`${field}-title`}>{words.answer}</h2>
      <form
        className="objection-answer"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome !== undefined) answering.mutate(outcome);
        }}
      >
        <fieldset disabled={isPending || isAnswered}>
          <legend>{words.outcome}</legend>
          {OUTCOMES.map((one) => (
            <label key={one} className="objection-choice">
              <input
                type="radio"
                name={field}
                required
                checked={outcome === one}
                onChange={() => setOutcome(one)}
              />
              {words.choices[one]}
            </label>
          ))}
        </fieldset>
        <div role="status">
          {outcome !== undefined && (
            <ul className="objection-follows">
              {words.follows[outcome].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </div>
        {outcome === 'upheld' && (
          <label className="objection-choice">
            <input
              type="checkbox"
              checked={isTakedown}
              disabled={isPending || isAnswered}
              onChange={({ target }) => setTakedown(target.checked)}
            />
            {words.takedown}
          </label>
        )}
        <label className="objection-text">
          {words.text}
          <textarea
            className="control"
            rows={4}
            maxLength={4000}
            dir="auto"
            value={text}
            readOnly={isPending || isAnswered}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {error && (
          <p role="alert" className="objection-overdue">
            {error instanceof TypeError ? TEXT.states.offline : error.message}
          </p>
        )}
        <p className="objection-actions">
          <button
            type="submit"
            className="control control-main"
            disabled={isPending || outcome === undefined}
          >
            {isPending ? TEXT.states.loading : isAnswered ? words.takeDownAgain : words.sign}
          </button>
          <button type="button" className="control" onClick={() => dialog.current?.close()}>
            {TEXT.governance.signing.cancel}
          </button>
        </p>
      </form>
    </dialog>
  );
}
