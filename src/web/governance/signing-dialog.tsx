import { type ReactNode, useEffect, useRef } from 'react';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Json } from './json.tsx';

const words = TEXT.governance.signing;

/** Shows what the home is about to sign and what follows from it, and signs it only then. */
export function SigningDialog({
  title,
  consequences,
  signed,
  confirm,
  isPending,
  error,
  onSign,
  onClose,
  children,
}: {
  readonly title: string;
  readonly consequences: readonly string[];
  /** The kind of statement and its body. */
  readonly signed: readonly [string, object];
  readonly confirm: string;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSign: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [kind, body] = signed;
  return (
    <dialog
      ref={dialog}
      className="window signing"
      aria-labelledby="signing-title"
      onClose={onClose}
    >
      <h2 id="signing-title">{title}</h2>
      {children}
      <ul className="signing-consequences">
        {consequences.map((text) => (
          <li key={text} dir="auto">
            {text}
          </li>
        ))}
      </ul>
      <div>
        <p className="soft">{words.text(kind)}</p>
        <Json value={body} label={words.text(kind)} />
      </div>
      {error && <Failure isAct error={error} />}
      <form method="dialog" className="signing-actions">
        <button
          type="button"
          className="control control-main"
          disabled={isPending}
          onClick={onSign}
        >
          {isPending ? TEXT.states.loading : confirm}
        </button>
        <button type="submit" className="control">
          {words.cancel}
        </button>
      </form>
    </dialog>
  );
}
