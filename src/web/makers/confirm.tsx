import { type ReactNode, useLayoutEffect, useRef } from 'react';

/** Asks once more, with what it does, before something that cannot be undone. */
export function Confirm({
  words: { sure, effect, confirm, cancel },
  onConfirm,
  onCancel,
}: {
  readonly words: {
    readonly sure: string;
    readonly effect: string;
    readonly confirm: string;
    readonly cancel: string;
  };
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it is gone, so that focus goes back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="window" aria-labelledby="confirm-title" onClose={onCancel}>
      <h2 id="confirm-title">{sure}</h2>
      <p>{effect}</p>
      <span className="actions">
        <button
          type="button"
          className="control primary"
          onClick={() => {
            onConfirm();
            dialog.current?.close();
          }}
        >
          {confirm}
        </button>
        <button type="button" className="control" onClick={() => dialog.current?.close()}>
          {cancel}
        </button>
      </span>
    </dialog>
  );
}
