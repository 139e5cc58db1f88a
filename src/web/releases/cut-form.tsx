import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { cut, useCut } from './cutting.ts';
import { askedBy, type Selection } from './selection.ts';
import { Field } from './selection-form.tsx';

const words = TEXT.releases.cut;

/** Names a release and has it cut; shows how far that is, here as on the list. */
export function CutForm({ selection }: { readonly selection: Selection }): ReactNode {
  const [name, setName] = useState('');
  const [version, setVersion] = useState('1.0.0');
  const state = useCut();
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const url = `${location.origin}/d/${name}/${version}/`;
    void cut({ ...askedBy(selection), name, version, url });
  };
  return (
    <section className="cut">
      <h2>{words.title}</h2>
      <form className="cut-form" onSubmit={begin}>
        <Field label={words.name} value={name} onChange={setName} hint="drawings-1900" />
        <Field label={words.version} value={version} onChange={setVersion} />
        <button
          type="submit"
          className="control control-main"
          disabled={state.is === 'running' || name === '' || version === ''}
        >
          {words.begin}
        </button>
      </form>
      <p className="soft">{words.more}</p>
      <CutState />
    </section>
  );
}

/** How far the cut is that was begun here last. */
export function CutState(): ReactNode {
  const state = useCut();
  if (state.is === 'none') return null;
  return (
    <div className="cut-state">
      <p role="status">
        {state.is === 'running' && words.running(state.called ?? words.another)}
        {state.is === 'done' && words.done(state.called)}
      </p>
      {state.is === 'running' && (
        <>
          <progress
            aria-label={state.called ?? words.another}
            {...(state.total === undefined
              ? {}
              : { max: Math.max(1, state.total), value: state.done })}
          />
          <p className="soft">
            {words.steps[state.step] ?? state.step} {state.done > 0 && countText(state.done)}
          </p>
        </>
      )}
      {state.is === 'failed' && <Failure error={state.error} />}
      {state.is === 'done' && (
        <Link to="/releases/$release" params={{ release: state.release }}>
          {words.open}
        </Link>
      )}
    </div>
  );
}
