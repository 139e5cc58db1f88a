import './facets.css';
import type { ReactNode } from 'react';
import { GATE_NAMES } from '../../core/policy/gates.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { kindName } from '../text/kind-name.ts';
import { LEVELS } from './levels.ts';
import type { Narrowing } from './narrowing.ts';

const words = TEXT.collection;

/** In the order in which they stand beside the works. */
const FACETS = ['media', 'licence', 'level', 'gate', 'collection', 'maker', 'year'] as const;
type FacetName = (typeof FACETS)[number];
/** More of one facet stand behind a button. */
const FIRST = 6;

interface Value {
  readonly value: string;
  readonly assets: number;
}

const USES = [
  { value: '', label: words.anyUse },
  ...PURPOSES.map((value) => ({ value, label: words.purposes[value] })),
];

/** What the works can be narrowed by, with how many each leaves. */
export function Facets({
  narrowing,
  counted,
  narrow,
}: {
  readonly narrowing: Narrowing;
  readonly counted: Readonly<Record<FacetName, readonly Value[]>> | undefined;
  readonly narrow: (change: Readonly<Record<string, unknown>>) => void;
}): ReactNode {
  return (
    <div className="facets">
      <Choice
        label={words.use}
        options={USES}
        value={narrowing.eligible ?? ''}
        onChoose={(eligible) => narrow({ eligible })}
      />
      {FACETS.map((name) => (
        <Facet
          key={name}
          name={name}
          chosen={narrowing[name] === undefined ? undefined : String(narrowing[name])}
          values={counted?.[name] ?? []}
          onChoose={(value) =>
            narrow({ [name]: name === 'year' && value !== undefined ? Number(value) : value })
          }
        />
      ))}
    </div>
  );
}

function Facet({
  name,
  chosen,
  values,
  onChoose,
}: {
  readonly name: FacetName;
  readonly chosen: string | undefined;
  readonly values: readonly Value[];
  readonly onChoose: (value: string | undefined) => void;
}): ReactNode {
  // What is chosen can be left, whatever was found.
  const shown =
    chosen === undefined || values.some(({ value }) => value === chosen)
      ? values
      : [{ value: chosen, assets: 0 }, ...values];
  if (shown.length === 0) return null;
  const list = (some: readonly Value[]) => (
    <ul>
      {some.map(({ value, assets }) => (
        <li key={value}>
          <button
            type="button"
            className="facet"
            aria-pressed={value === chosen}
            onClick={() => onChoose(value === chosen ? undefined : value)}
          >
            <span className="facet-value" dir="auto">
              {labelOf(name, value)}
            </span>
            <span className="facet-count">{countText(assets)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
  const rest = shown.slice(FIRST);
  return (
    <fieldset>
      <legend>{words.facets[name]}</legend>
      {list(shown.slice(0, FIRST))}
      {rest.length > 0 && (
        <details>
          <summary>{words.moreValues(countText(rest.length))}</summary>
          {list(rest)}
        </details>
      )}
    </fieldset>
  );
}

function labelOf(name: FacetName, value: string): string {
  const level = LEVELS.find((one) => name === 'level' && one === value);
  if (level !== undefined) return `${level} · ${TEXT.asset.levels[level]}`;
  const gate = GATE_NAMES.find((one) => name === 'gate' && one === value);
  if (name === 'media') return kindName(value);
  return gate === undefined ? value : words.failing[gate];
}
