import './makers.css';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { TEXT } from '../text/english.ts';
import { dayText } from '../text/figures.ts';
import { MakerPage } from './maker-page.tsx';
import { Refused } from './refused.tsx';

const words = TEXT.makers.answer;

/** What became of an objection, for whoever has its receipt. */
export function AnswerPage(): ReactNode {
  const [receipt, setReceipt] = useState('');
  const asking = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/objections/answer', { body: { receipt } })),
  });
  const told = asking.data;
  return (
    <MakerPage title={words.title}>
      <form
        className="maker-form"
        onSubmit={(event) => {
          event.preventDefault();
          asking.mutate();
        }}
      >
        <label className="maker-field">
          {words.receipt}
          <input
            className="control code"
            required
            autoComplete="off"
            spellCheck={false}
            maxLength={60}
            value={receipt}
            onChange={({ target }) => setReceipt(target.value)}
          />
        </label>
        <button type="submit" className="control primary" disabled={asking.isPending}>
          {words.button}
        </button>
      </form>
      <Refused error={asking.error} />
      <div role="status">
        {told && (
          <>
            <p className="lead">{words.states[told.state]}</p>
            <dl className="facts">
              {told.answer !== null && told.answer.text !== '' && (
                <>
                  <dt>{words.words}</dt>
                  <dd dir="auto">{told.answer.text}</dd>
                </>
              )}
              <dt>{words.asset}</dt>
              <dd>
                <code>{told.asset}</code>
              </dd>
              <dt>{words.at}</dt>
              <dd>{dayText(told.at)}</dd>
              <dt>{words.deadline}</dt>
              <dd>{dayText(told.deadline)}</dd>
            </dl>
          </>
        )}
      </div>
    </MakerPage>
  );
}
