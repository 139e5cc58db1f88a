import './verbatim.css';
import type { ReactNode } from 'react';

/** Text as it stands somewhere, letter by letter, in a window that scrolls. */
export function Verbatim({ text }: { readonly text: string }): ReactNode {
  return (
    <pre
      className="verbatim"
      dir="auto"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
      tabIndex={0}
    >
      {text}
    </pre>
  );
}
