import './choice.css';
import { type ReactNode, useId } from 'react';

/** One of a few, from the list that the browser itself opens. */
export function Choice<Value extends string>({
  label,
  isLabelHidden = false,
  options,
  value,
  onChoose,
}: {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="choice">
      <label htmlFor={id} className={isLabelHidden ? 'hidden' : 'choice-label'}>
        {label}
      </label>
      <select
        id={id}
        className="control"
        value={value}
        // The list has these values alone.
        onChange={({ target }) => onChoose(target.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
