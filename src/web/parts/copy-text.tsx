import './copy-text.css';
import { type ReactNode, useEffect, useState } from 'react';
import { TEXT } from '../text/english.ts';

const SHOWN_MS = 2000;

/** A name for machines, which breaks anywhere, and a button that copies it. */
export function CopyText({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}): ReactNode {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    // Without leave to write there, the text can still be selected.
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span className="copy-text">
      <code>{text}</code>
      <button type="button" className="control" onClick={copy}>
        {TEXT.copy.copy}
        <span className="hidden"> {label}</span>
      </button>
      <span className="copied" role="status">
        {isCopied ? TEXT.copy.copied : ''}
      </span>
    </span>
  );
}
