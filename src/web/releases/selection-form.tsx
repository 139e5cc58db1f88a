import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { LEVELS } from '../../core/policy/documents.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { policies } from '../api/asset-queries.ts';
import { archiveState } from '../api/queries.ts';
import { USUAL } from '../asset/question.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import type { Part, Selection } from './selection.ts';

const words = TEXT.releases.selection;
const asks = TEXT.asset.question;
const REQUESTERS = ['anyone', 'members', 'research-organisation'] as const;

interface Props {
  readonly selection: Selection;
  readonly onChange: (change: Selection) => void;
}

/** What a release is made of: for what and whom, and what narrows it. */
export function SelectionForm({ selection, onChange }: Props): ReactNode {
  const { data: state } = useQuery(archiveState);
  const { data: known = [] } = useQuery(policies);
  const choice = (part: Part, label: string, options: readonly Option[], usual = '') => (
    <Choice
      label={label}
      options={options}
      value={selection[part] ?? usual}
      onChoose={(value) => onChange({ [part]: value })}
    />
  );
  const field = (part: Part, more: Partial<FieldProps> = {}) => (
    <Field
      label={words.parts[part as keyof typeof words.parts]}
      value={selection[part] ?? ''}
      onChange={(value) => onChange({ [part]: value })}
      {...more}
    />
  );
  const names = new Set([
    ...known.map(({ policy }) => policy.name),
    selection.policy ?? USUAL.policy,
  ]);
  return (
    <form className="selection" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>{words.use}</legend>
        {choice(
          'purpose',
          asks.purpose,
          optionsOf(TEXT.collection.purposes, PURPOSES),
          USUAL.purpose,
        )}
        {choice('policy', asks.policy, plainOptions([...names]), USUAL.policy)}
        {choice('for', asks.requester, optionsOf(asks.requesters, REQUESTERS), USUAL.for)}
      </fieldset>
      <fieldset>
        <legend>{words.works}</legend>
        {field('text')}
        {choice('media', TEXT.collection.media, [
          { value: '', label: TEXT.collection.anyMedia },
          ...Object.entries(TEXT.collection.kinds).map(([value, label]) => ({ value, label })),
        ])}
        {choice('collection', words.parts.collection, [
          { value: '', label: words.any },
          ...plainOptions((state?.collections ?? []).map(({ name }) => name)),
        ])}
        {choice('level', words.parts.level, [
          { value: '', label: words.any },
          ...LEVELS.map((value) => ({ value, label: `${value} ${TEXT.asset.levels[value]}` })),
        ])}
        {field('licence', { hint: words.licenceHint })}
        {field('maker')}
        {field('fromYear', { type: 'number' })}
        {field('toYear', { type: 'number' })}
        {field('language', { hint: words.languageHint })}
        {field('tags', { hint: words.tagsHint })}
        {field('mostMegabytes', { type: 'number', min: 0 })}
      </fieldset>
      <fieldset>
        <legend>{words.draw}</legend>
        {field('sample', { type: 'number', min: 1 })}
        {field('seed')}
        {field('validation', { type: 'number', min: 0, max: 99 })}
      </fieldset>
    </form>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function optionsOf<Name extends string>(
  labels: Readonly<Record<Name, string>>,
  names: readonly Name[],
): Option[] {
  return names.map((value) => ({ value, label: labels[value] }));
}

function plainOptions(names: readonly string[]): Option[] {
  return names.map((value) => ({ value, label: value }));
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'number';
  readonly hint?: string;
  readonly min?: number;
  readonly max?: number;
}

export function Field({ label, value, onChange, type = 'text', hint, ...range }: FieldProps) {
  const id = useId();
  return (
    <div className="choice">
      <label htmlFor={id} className="choice-label">
        {label}
      </label>
      <input
        id={id}
        className="control typed"
        type={type}
        dir="auto"
        maxLength={256}
        placeholder={hint}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        {...range}
      />
    </div>
  );
}
