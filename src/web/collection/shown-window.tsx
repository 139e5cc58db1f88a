import { type ReactNode, useEffect, useRef } from 'react';

/** A window that is open as long as it is there. Escape closes it as its button does. */
export function ShownWindow({
  label,
  onClose,
  children,
}: {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="window bulk-dialog"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2>{label}</h2>
      {children}
    </dialog>
  );
}
