import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { WITHDRAWAL_TEXT } from '../../core/policy/consent-terms.ts';
import type { Statement } from '../../core/statements/statement.ts';
import { TEXT } from '../text/english.ts';
import { declarationText } from './declaration-text.ts';
import type { MakerDraft } from './maker-draft.ts';
import { Refused } from './refused.tsx';
import { WithdrawalCode } from './withdrawal-code.tsx';

const words = TEXT.makers.sign;

/** What is signed, word for word, and for a consent the code that takes it back, which has to be kept first. */
export function SignDialog({
  draft,
  textOf,
  error,
  isBusy,
  onSign,
  onCancel,
}: {
  readonly draft: MakerDraft;
  /** The stored text of a consent; null where it is not known. */
  readonly textOf: (consent: string) => string | null;
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onSign: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { withdrawalCode, says } = draft;
  const [isKept, setKept] = useState(withdrawalCode === null);
  // Closed before it is gone, so that focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="window" aria-labelledby="sign-title" onClose={onCancel}>
      <h2 id="sign-title">{words.dialog}</h2>
      <Words draft={draft} textOf={textOf} />
      <p className="soft">{words.about}</p>
      <ul className="cids">
        {says.map(({ statement: { about } }) => (
          <li key={aboutText(about)}>
            <code>{aboutText(about)}</code>
          </li>
        ))}
      </ul>
      {withdrawalCode !== null && (
        <WithdrawalCode code={withdrawalCode} isKept={isKept} onKeep={setKept} />
      )}
      <details>
        <summary>{words.exactly}</summary>
        <pre className="exact">{new TextDecoder().decode(draft.payload)}</pre>
      </details>
      <Refused error={error} />
      <span className="actions">
        <button
          type="button"
          className="control primary"
          disabled={!isKept || isBusy}
          onClick={onSign}
        >
          {words.sign}
        </button>
        <button type="button" className="control" onClick={() => dialog.current?.close()}>
          {words.cancel}
        </button>
      </span>
    </dialog>
  );
}

function Words({
  draft: { says },
  textOf,
}: {
  readonly draft: MakerDraft;
  readonly textOf: (consent: string) => string | null;
}): ReactNode {
  const [said] = says;
  if (said?.text !== undefined) {
    return (
      <>
        <p>{words.exact}</p>
        <p className="exact">{said.text.text}</p>
      </>
    );
  }
  const { statement } = said ?? {};
  if (statement?.kind === 'declaration') {
    return <p className="exact">{declarationText(statement.body)}</p>;
  }
  const consents = statement?.kind === 'withdrawal' ? statement.body.consents : [];
  return (
    <>
      <p>{words.takesBack}</p>
      {consents.map((id) => (
        <p key={id} className="exact taken-back">
          {textOf(id) ?? id}
        </p>
      ))}
      <p className="lead">{words.whatHappens}</p>
      <p>{WITHDRAWAL_TEXT}</p>
    </>
  );
}

function aboutText(about: Statement['about']): string {
  return about !== null && 'asset' in about ? about.asset : '';
}
