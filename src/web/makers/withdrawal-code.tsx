import { type ReactNode, useEffect, useState } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { TEXT } from '../text/english.ts';

const words = TEXT.makers.sign;

/** The code that takes a consent back, once: to copy, print or save, and to confirm before anything is signed. */
export function WithdrawalCode({
  code,
  isKept,
  onKeep,
}: {
  readonly code: string;
  readonly isKept: boolean;
  readonly onKeep: (isKept: boolean) => void;
}): ReactNode {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const text = new Blob([words.codeNote(code, location.origin)], { type: 'text/plain' });
    const made = URL.createObjectURL(text);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [code]);
  return (
    <section className="kept code-panel">
      <h3>{words.codeTitle}</h3>
      <p>{words.codeWhat}</p>
      <CopyText text={code} label={words.codeTitle} />
      <span className="actions">
        <button type="button" className="control" onClick={() => print()}>
          {words.print}
        </button>
        <a className="control" href={address} download={words.codeFile}>
          {words.download}
        </a>
      </span>
      <label className="check-line">
        <input type="checkbox" checked={isKept} onChange={({ target }) => onKeep(target.checked)} />
        {words.kept}
      </label>
    </section>
  );
}
