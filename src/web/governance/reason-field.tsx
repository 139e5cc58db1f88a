import { type ReactNode, useId } from 'react';

/** Asks for the reason that goes with a proposal; without one nothing can be proposed. */
export function ReasonField({
  label,
  example,
  reason,
  onChange,
  confirm,
  onConfirm,
}: {
  readonly label: string;
  readonly example: string;
  readonly reason: string;
  readonly onChange: (reason: string) => void;
  readonly confirm: string;
  readonly onConfirm: () => void;
}): ReactNode {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="control"
        value={reason}
        placeholder={example}
        onChange={({ target }) => onChange(target.value)}
      />
      <p>
        <button type="button" className="control" disabled={reason === ''} onClick={onConfirm}>
          {confirm}
        </button>
      </p>
    </>
  );
}
