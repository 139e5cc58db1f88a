import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react';
import { TEXT } from '../text/english.ts';

const words = TEXT.audit.proofs;

/** Where a proof is dropped, or chosen by whoever does not drag. */
export function ProofDrop({ onFile }: { readonly onFile: (file: File) => void }): ReactNode {
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const take = (file: File | undefined) => {
    if (file) onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same without a mouse
    <div
      className={isOver ? 'audit-ask proof-drop proof-drop-over' : 'audit-ask proof-drop'}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{words.file}</label>
      <p className="check-text">{words.drop}</p>
      <button type="button" className="control" onClick={() => input.current?.click()}>
        {words.choose}
      </button>
      <input
        id={id}
        ref={input}
        type="file"
        hidden
        accept=".tlog-proof"
        onChange={({ target }) => {
          take(target.files?.[0]);
          // The same file can be chosen again once it was changed.
          target.value = '';
        }}
      />
    </div>
  );
}
