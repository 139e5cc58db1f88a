import { type ReactNode, useState } from 'react';
import { CONSENT_PRESETS } from '../../core/policy/consent-terms.ts';
import { PURPOSES, type Purpose } from '../../core/policy/purposes.ts';
import { Choice } from '../parts/choice.tsx';
import { optionsOf } from '../parts/options.ts';
import { TEXT } from '../text/english.ts';
import type { Claim } from './maker-draft.ts';

const words = TEXT.makers.sign;
type Permission = keyof typeof words.permissions;
type Preset = keyof typeof words.presets;
type Who = keyof typeof words.whos;
type Role = keyof typeof words.roles;

/** What may be done with a work: everything at once, or each use by itself. */
export function ConsentForm({
  isBusy,
  onSay,
}: {
  readonly isBusy: boolean;
  readonly onSay: (claim: Claim) => void;
}): ReactNode {
  const [preset, setPreset] = useState<Preset>('own');
  const [said, setSaid] = useState<Partial<Record<Purpose, Permission>>>({});
  const [who, setWho] = useState<Who>('anyone');
  const [until, setUntil] = useState('');
  const [isCredited, setCredited] = useState(true);
  const [role, setRole] = useState<Role>('author');
  const choosePreset = (next: Preset) => {
    setPreset(next);
    const { purposes, requesters } = CONSENT_PRESETS[next] ?? {};
    if (purposes !== undefined) setSaid(purposes as typeof said);
    const [first] = requesters ?? [];
    if (first !== undefined && first in words.whos) setWho(first as Who);
  };
  const purposes = Object.fromEntries(
    Object.entries(said).filter((one): one is [Purpose, 'allow' | 'deny'] => one[1] !== 'unsaid'),
  );
  const isAllowing = Object.values(purposes).includes('allow');
  const isEmpty = Object.keys(purposes).length === 0;
  return (
    <form
      className="maker-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSay({
          ...{ kind: 'consent', purposes, role, attribution: isCredited },
          requesters: isAllowing ? [who] : [],
          ...(until === '' ? {} : { until: `${until}T00:00:00Z` }),
        });
      }}
    >
      <Choice
        label={words.everything}
        options={optionsOf<Preset>(words.presets)}
        value={preset}
        onChoose={choosePreset}
      />
      <fieldset className="each-use">
        <legend>{words.each}</legend>
        {PURPOSES.map((purpose) => (
          <Choice
            key={purpose}
            label={TEXT.collection.purposes[purpose]}
            options={optionsOf<Permission>(words.permissions)}
            value={said[purpose] ?? 'unsaid'}
            onChoose={(permission) => {
              setPreset('own');
              setSaid({ ...said, [purpose]: permission });
            }}
          />
        ))}
      </fieldset>
      {isAllowing && (
        <Choice
          label={words.who}
          options={optionsOf<Who>(words.whos)}
          value={who}
          onChoose={setWho}
        />
      )}
      <label className="maker-field">
        {words.until}
        <input
          className="control"
          type="date"
          min={new Date().toISOString().slice(0, 10)}
          value={until}
          onChange={({ target }) => setUntil(target.value)}
        />
      </label>
      <Choice
        label={words.role}
        options={optionsOf<Role>(words.roles)}
        value={role}
        onChoose={setRole}
      />
      <label className="check-line">
        <input
          type="checkbox"
          checked={isCredited}
          onChange={({ target }) => setCredited(target.checked)}
        />
        {words.credit}
      </label>
      <button type="submit" className="control primary" disabled={isBusy || isEmpty}>
        {words.read}
      </button>
      {isEmpty && <p className="soft">{words.purposeMissing}</p>}
    </form>
  );
}
