import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { RUBRICS, type Rubric, rubricNamed } from '../../core/policy/rubrics.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { isStop, type Judgement, outcomesFor, type Task } from './task.ts';
import { useKeys } from './use-keys.ts';

const words = TEXT.review.form;
const NAMES = Object.keys(RUBRICS) as Rubric[];

/** Asks what a reviewer sees, by the rubric of the medium; a stop is answered instead. */
export function TaskForm({
  task,
  mediaType,
  evidence,
  isShown,
  areKeysOn,
  hasNoStake: hadNoStake,
  onNoStake,
  onJudge,
}: {
  readonly task: Task;
  readonly mediaType: string;
  readonly evidence: readonly string[];
  /** Keys judge nothing that is not on the page yet. */
  readonly isShown: () => boolean;
  readonly areKeysOn: boolean;
  /** Whoever judges the draws of a sample says once that they have no stake in it. */
  readonly hasNoStake: boolean;
  readonly onNoStake: (hasNone: boolean) => void;
  readonly onJudge: (judgement: Judgement) => void;
}): ReactNode {
  const id = useId();
  const usual = task.why === 'draw' ? 'item-1' : rubricNamed(mediaType.split('/')[0] ?? '');
  const [rubric, setRubric] = useState<Rubric>(usual ?? 'item-1');
  const [outcome, setOutcome] = useState('');
  const [hasNoStake, setNoStake] = useState(hadNoStake);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string>();
  const outcomes = outcomesFor(task);
  const needsStake = !isStop(task);

  const isDraw = task.draw !== undefined;

  const judge = (seen: string) => {
    setProblem(undefined);
    if (seen === '') return setProblem(words.noOutcome);
    if (needsStake && !hasNoStake) return setProblem(words.noStakeYet);
    onJudge({ outcome: seen, rubric, evidence, note });
  };
  const stake = (hasNone: boolean) => {
    setNoStake(hasNone);
    onNoStake(hasNone);
  };
  useKeys(areKeysOn, (key) => {
    const picked = outcomes[Number(key) - 1];
    if (picked !== undefined) setOutcome(picked);
    if (key === 'c' && needsStake) stake(!hasNoStake);
    if (!isShown()) return;
    if (key === 'p') judge(outcome);
    // Most draws are as they should be: one key goes on. A defect ends the sample, so it takes two.
    if (isDraw && key === '1' && hasNoStake) judge(picked ?? '');
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    judge(outcome);
  };
  return (
    <form className="task-form" onSubmit={submit}>
      {needsStake && (
        <>
          <Choice
            label={words.rubric}
            options={NAMES.map((value) => ({ value, label: value }))}
            value={rubric}
            onChoose={setRubric}
          />
          <ol className="questions">
            {RUBRICS[rubric].map((question) => (
              <li key={question}>{question}</li>
            ))}
          </ol>
        </>
      )}
      <fieldset>
        <legend>{needsStake ? words.outcome : words.answer}</legend>
        {outcomes.map((one, place) => (
          <label key={one} className="outcome">
            <input
              type="radio"
              name={id}
              value={one}
              checked={outcome === one}
              onChange={() => setOutcome(one)}
            />
            <span>{TEXT.review.outcomes[one]}</span>
            <span className="key" aria-hidden="true">
              {place + 1}
            </span>
          </label>
        ))}
      </fieldset>
      {needsStake && (
        <label className="outcome">
          <input
            type="checkbox"
            checked={hasNoStake}
            onChange={({ target }) => stake(target.checked)}
          />
          <span>{isDraw ? words.noStakeInSet : words.noStake}</span>
          <span className="key" aria-hidden="true">
            c
          </span>
        </label>
      )}
      <label className="review-note">
        {words.note}
        <textarea
          className="control"
          rows={2}
          maxLength={10_000}
          dir="auto"
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </label>
      <p role="alert" className="problem">
        {problem}
      </p>
      <button type="submit" className="control control-main">
        {words.put}{' '}
        <span className="key" aria-hidden="true">
          p
        </span>
      </button>
    </form>
  );
}
