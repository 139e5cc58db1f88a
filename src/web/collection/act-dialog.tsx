import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { RECIPES } from '../../core/renditions/recipes.ts';
import { optionsOf } from '../parts/options.ts';
import { toolsIn } from '../parts/tool-code.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import {
  type Act,
  AT_ONCE,
  type Batch,
  batchesOf,
  type Failed,
  type FlagWord,
  perform,
} from './bulk-acts.ts';
import { CollectionField } from './collection-field.tsx';
import { ShownWindow } from './shown-window.tsx';

const words = TEXT.collection.bulk;

interface Course {
  readonly act: Act;
  readonly isRunning: boolean;
  readonly done: number;
  readonly failed: readonly Failed[];
}

/** First tells what is going to be said or made of how many assets; then how far it is, and what failed. */
export function ActDialog({
  is,
  cids,
  onClose,
}: {
  readonly is: Act['is'];
  readonly cids: readonly string[];
  /** With what is to be told afterwards, and whether all of it was done. */
  readonly onClose: (text: string, isDone: boolean) => void;
}): ReactNode {
  // What is picked out meanwhile is not meant.
  const [meant] = useState(cids);
  const [course, setCourse] = useState<Course>();
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const { title, text, done } = words.acts[is];

  const go = async (act: Act, batches: readonly Batch[], before: number) => {
    const controller = new AbortController();
    stopping.current = controller;
    setCourse({ act, isRunning: true, done: before, failed: [] });
    await perform(act, batches, {
      onDone: (assets) => setCourse((now) => now && { ...now, done: now.done + assets }),
      onFailed: (one) => setCourse((now) => now && { ...now, failed: [...now.failed, one] }),
      signal: controller.signal,
    });
    setCourse((now) => now && { ...now, isRunning: false });
  };
  const isDone = course !== undefined && !course.isRunning && course.failed.length === 0;
  const close = () => {
    if (course?.isRunning) stopping.current?.abort();
    else onClose(isDone ? done : '', isDone);
  };
  const heading = title(countText(meant.length));
  return (
    <ShownWindow label={heading} onClose={close}>
      {course === undefined ? (
        <ActForm is={is} onSay={(act) => void go(act, batchesOf(meant), 0)} onCancel={close}>
          <p>{text}</p>
          {is !== 'render' && is !== 'add' && meant.length > AT_ONCE && (
            <p>{words.inStatements(countText(batchesOf(meant).length))}</p>
          )}
        </ActForm>
      ) : (
        <>
          <Progress course={course} all={meant.length} />
          <p className="bulk-buttons">
            {!course.isRunning && course.failed.length > 0 && (
              <button
                type="button"
                className="control"
                onClick={() => void go(course.act, course.failed, course.done)}
              >
                {words.again}
              </button>
            )}
            <button type="button" className="control" onClick={close}>
              {course.isRunning ? words.stop : words.close}
            </button>
          </p>
        </>
      )}
    </ShownWindow>
  );
}

function Progress({ course, all }: { readonly course: Course; readonly all: number }): ReactNode {
  const { isRunning, done, failed } = course;
  const lost = failed.reduce((sum, { cids }) => sum + cids.length, 0);
  return (
    <>
      <progress value={done + lost} max={all} aria-label={words.progress} />
      <p role="status">
        {words.done(countText(done), countText(all))}
        {!isRunning && lost > 0 && ` ${words.failed(countText(lost))}`}
      </p>
      {failed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <ul className="bulk-failures" tabIndex={0} aria-label={words.failures}>
          {failed.slice(0, MOST_SHOWN).map(({ cids, why }) => (
            <li key={cids[0]}>
              {cids.length === 1 ? <code>{cids[0]}</code> : words.assets(countText(cids.length))}
              {': '}
              {why}
            </li>
          ))}
          {failed.length > MOST_SHOWN && (
            <li>{words.moreFailures(countText(failed.length - MOST_SHOWN))}</li>
          )}
        </ul>
      )}
    </>
  );
}

/** More failures than these are only counted. */
const MOST_SHOWN = 100;

/** Asks what there is to be said; undone by nobody before it is sent. */
function ActForm({
  is,
  onSay,
  onCancel,
  children,
}: {
  readonly is: Act['is'];
  readonly onSay: (act: Act) => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSay(actIn(is, new FormData(event.currentTarget)));
  };
  return (
    <form onSubmit={submit}>
      {children}
      {is === 'flag' && <Select name="flag" label={words.flag} options={optionsOf(words.flags)} />}
      {is === 'declare' && (
        <>
          <Select
            name="sourceType"
            label={TEXT.makers.sign.how}
            options={optionsOf(TEXT.makers.sign.hows)}
          />
          <Select
            name="generative"
            label={TEXT.makers.sign.generative}
            options={optionsOf(words.generatives)}
          />
          <label>
            {TEXT.makers.sign.tools}
            <input name="tools" className="control" maxLength={400} dir="auto" />
            <small>{TEXT.makers.sign.toolsHint}</small>
          </label>
        </>
      )}
      {is === 'add' && <CollectionField />}
      {is === 'render' && <Select name="recipe" label={words.recipe} options={RECIPE_OPTIONS} />}
      {is !== 'render' && is !== 'add' && (
        <label>
          {is === 'declare' ? words.noteIfAny : words.why}
          <textarea
            name="note"
            className="control"
            rows={3}
            maxLength={2000}
            dir="auto"
            required={is !== 'declare'}
          />
        </label>
      )}
      <p className="bulk-buttons">
        <button type="button" className="control" onClick={onCancel}>
          {words.cancel}
        </button>
        <button type="submit" className="control bulk-confirm">
          {words.acts[is].confirm}
        </button>
      </p>
    </form>
  );
}

const RECIPE_OPTIONS = RECIPES.map(({ name, of }) => ({
  value: name,
  label: words.recipeNamed(name, words.recipeOf[of]),
}));

function Select({
  name,
  label,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}): ReactNode {
  return (
    <label>
      {label}
      <select name={name} className="control">
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function actIn(is: Act['is'], form: FormData): Act {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const note = text('note');
  if (is === 'render') return { is, recipe: text('recipe') };
  if (is === 'add') return { is, collection: text('collection') };
  // The list has these values alone.
  if (is === 'flag') return { is, flag: text('flag') as FlagWord, note };
  if (is !== 'declare') return { is, note };
  const generative = text('generative') === 'none' ? 'none' : 'unstated';
  return { is, sourceType: text('sourceType'), generative, tools: toolsIn(text('tools')), note };
}
