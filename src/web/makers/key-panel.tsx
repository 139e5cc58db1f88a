import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { TEXT } from '../text/english.ts';
import { Confirm } from './confirm.tsx';
import { forgetMakerKey, makeMakerKey, useMakerKey } from './maker-key.ts';
import { Refused } from './refused.tsx';

const words = TEXT.makers.key;

/** The key of this browser: made, shown, or forgotten. It says where it lives, and what brings one back. */
export function KeyPanel(): ReactNode {
  const key = useMakerKey();
  const [isSure, setSure] = useState(false);
  const making = useMutation({ mutationFn: makeMakerKey });
  if (key === undefined) return null;
  return (
    <section className="maker-section key-panel">
      <h2>{words.title}</h2>
      {key === null && <p>{words.none}</p>}
      {key !== null && <CopyText text={key.key} label={words.name} />}
      <p className={key === null ? undefined : 'soft'}>{words.only}</p>
      <span className="actions">
        {key === null ? (
          <button
            type="button"
            className="control primary"
            disabled={making.isPending}
            onClick={() => making.mutate()}
          >
            {words.make}
          </button>
        ) : (
          <button type="button" className="control" onClick={() => setSure(true)}>
            {words.forget}
          </button>
        )}
      </span>
      <Refused error={making.error && namedFault(making.error)} />
      {isSure && (
        <Confirm
          words={words}
          onCancel={() => setSure(false)}
          onConfirm={() => void forgetMakerKey()}
        />
      )}
    </section>
  );
}

function namedFault(error: Error): Error {
  if (!isSecureContext) return new Error(TEXT.account.insecure);
  return error.name === 'NotSupportedError' ? new Error(words.unable) : error;
}
