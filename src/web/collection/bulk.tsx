import './bulk.css';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { useIdentity } from '../api/identity.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Selection } from './use-selection.ts';

const words = TEXT.collection.bulk;

/** What is said about several works at once; each is an operation of the node. */
const ACTS = {
  hold: (assets: string[], note: string) =>
    answered(
      api.POST('/api/v1/operations/stop', {
        body: {
          words: { kind: 'hold', reason: 'look-again', source: 'steward', deadline: null },
          subject: { assets },
          note,
        },
      }),
    ),
  remove: (assets: string[], note: string) =>
    answered(
      api.POST('/api/v1/operations/remove', {
        body: { subject: { assets }, reason: 'other', note },
      }),
    ),
} as const;
type Act = keyof typeof ACTS;

/** What can be done with the works that are picked out. */
export function Bulk({ selection }: { readonly selection: Selection }): ReactNode {
  const identity = useIdentity();
  const [said, setSaid] = useState('');
  const { cids, clear } = selection;
  const copy = () =>
    void navigator.clipboard.writeText(cids.join('\n')).then(
      () => setSaid(words.copied),
      () => setSaid(words.notCopied),
    );
  return (
    <div className="bulk" hidden={cids.length === 0 && said === ''}>
      <p role="status">
        {cids.length > 0 && words.selected(countText(cids.length))} {said}
      </p>
      {cids.length > 0 && (
        <>
          <button type="button" className="control" onClick={copy}>
            {words.copy}
          </button>
          {identity && <Confirmed act="hold" selection={selection} onDone={setSaid} />}
          {identity && <Confirmed act="remove" selection={selection} onDone={setSaid} />}
        </>
      )}
      <button
        type="button"
        className="control"
        onClick={() => {
          clear();
          setSaid('');
        }}
      >
        {words.clear}
      </button>
    </div>
  );
}

/** An act that others see and that is signed: first what it does is told, and why it is done is asked. */
function Confirmed({
  act,
  selection,
  onDone,
}: {
  readonly act: Act;
  readonly selection: Selection;
  readonly onDone: (text: string) => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { label, title, text, confirm, done } = words.acts[act];
  const count = countText(selection.cids.length);
  const doing = useMutation({
    mutationFn: (note: string) => ACTS[act]([...selection.cids], note),
    onSuccess: () => {
      dialog.current?.close();
      selection.clear();
      onDone(done);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    doing.mutate(String(new FormData(event.currentTarget).get('note')));
  };
  return (
    <>
      <button type="button" className="control" onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} className="window bulk-dialog" aria-label={title(count)}>
        <form onSubmit={submit}>
          <h2>{title(count)}</h2>
          <p>{text}</p>
          <label htmlFor={`note-${act}`}>{words.why}</label>
          <textarea
            id={`note-${act}`}
            name="note"
            className="control"
            rows={3}
            dir="auto"
            required
          />
          {doing.error && <p role="alert">{doing.error.message}</p>}
          <p className="bulk-buttons">
            <button type="button" className="control" onClick={() => dialog.current?.close()}>
              {words.cancel}
            </button>
            <button type="submit" className="control bulk-confirm" disabled={doing.isPending}>
              {confirm}
            </button>
          </p>
        </form>
      </dialog>
    </>
  );
}
