import type { ReactNode } from 'react';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { type Catalogue, MAPPINGS, type Mapping } from './catalogue.ts';
import type { Offered } from './offered.ts';

const words = TEXT.deposit.catalogue;

/** Which of the files is the catalogue, and by which names its columns are read. */
export function CatalogueChoice({
  candidates,
  chosen,
  map,
  onChoose,
}: {
  readonly candidates: readonly Offered[];
  readonly chosen: string;
  readonly map: Mapping | '';
  readonly onChoose: (chosen: string, map: Mapping | '') => void;
}): ReactNode {
  const paths = candidates.map(({ path }) => ({ value: path, label: path }));
  const maps = MAPPINGS.map((value) => ({ value, label: words.maps[value] }));
  return (
    <div className="catalogue-choice">
      <Choice
        label={words.which}
        options={[...paths, { value: '', label: words.none }]}
        value={chosen}
        onChoose={(path) => onChoose(path, map)}
      />
      <Choice
        label={words.how}
        options={[{ value: '' as const, label: words.ownNames }, ...maps]}
        value={map}
        onChoose={(next) => onChoose(chosen, next)}
      />
    </div>
  );
}

/** What each column of a catalogue is read as, with what it says of the first file. */
export function CataloguePreview({ catalogue }: { readonly catalogue: Catalogue }): ReactNode {
  const [first] = catalogue.rows;
  const sample = (fields: readonly string[]) =>
    fields.map((field) => (field === 'path' ? first?.path : first?.words[field])).join(' · ');
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" tabIndex={0} aria-label={words.columns}>
        <table>
          <caption className="hidden">{words.columns}</caption>
          <thead>
            <tr>
              <th scope="col">{words.column}</th>
              <th scope="col">{words.readAs}</th>
              <th scope="col">{words.sample}</th>
            </tr>
          </thead>
          <tbody>
            {catalogue.columns.map(({ name, fields }, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns can have one name
              <tr key={number} className={fields.length === 0 ? 'unused' : undefined}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                <td>{fields.map(fieldText).join(', ') || words.unused}</td>
                <td className="sample" dir="auto">
                  {sample(fields)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {catalogue.warnings.map((text) => (
        <p key={text} className="soft" dir="auto">
          {text}
        </p>
      ))}
    </>
  );
}

function fieldText(field: string): string {
  const names: Readonly<Record<string, string>> = words.fields;
  return names[field] ?? field;
}
