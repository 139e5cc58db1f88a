import './makers.css';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { TEXT } from '../text/english.ts';
import { Confirm } from './confirm.tsx';
import { MakerPage } from './maker-page.tsx';
import { Refused } from './refused.tsx';

const words = TEXT.makers.withdraw;

/** Takes back a consent by its code alone: no key, no sign-in. */
export function WithdrawPage(): ReactNode {
  const [code, setCode] = useState('');
  const [isSure, setSure] = useState(false);
  const taking = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/makers/withdrawals', { body: { code } })),
  });
  const taken = taking.data;
  return (
    <MakerPage title={words.title}>
      {taken === undefined ? (
        <>
          <p>{words.what}</p>
          <form
            className="maker-form"
            onSubmit={(event) => {
              event.preventDefault();
              setSure(true);
            }}
          >
            <label className="maker-field">
              {words.code}
              <input
                className="control code"
                required
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                maxLength={60}
                value={code}
                onChange={({ target }) => setCode(target.value)}
              />
              <small>{words.hint}</small>
            </label>
            <button type="submit" className="control primary" disabled={taking.isPending}>
              {words.read}
            </button>
          </form>
          <Refused error={taking.error} />
        </>
      ) : (
        <div role="status" className="kept">
          <p className="lead">{words.done(taken.consents.length)}</p>
          <p>{words.after}</p>
          <details>
            <summary>{words.consents}</summary>
            {taken.consents.map((id) => (
              <code key={id}>{id}</code>
            ))}
          </details>
        </div>
      )}
      {isSure && (
        <Confirm words={words} onCancel={() => setSure(false)} onConfirm={() => taking.mutate()} />
      )}
    </MakerPage>
  );
}
