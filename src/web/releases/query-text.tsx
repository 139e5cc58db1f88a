import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { kindName } from '../text/kind-name.ts';
import { named } from '../text/named.ts';

const words = TEXT.releases.page;

/** What narrowed a release, part by part, as its manifest keeps it: names and words as the ids that the ledger knows. */
export function QueryText({ query }: { readonly query: string }): ReactNode {
  const parts = partsIn(query);
  if (parts === undefined) return query;
  return (
    <ul className="query-parts">
      {parts.map(([part, value]) => (
        <li key={part}>
          {named(words.queryParts, part) ?? part}: <bdi>{valueText(part, value)}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** Undefined for what another program wrote in another form. */
function partsIn(query: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const read: unknown = JSON.parse(query);
    return typeof read === 'object' && read !== null ? Object.entries(read) : undefined;
  } catch {
    return undefined;
  }
}

function valueText(part: string, value: unknown): string {
  if (part === 'media') {
    return named(TEXT.collection.kinds, String(value)) ?? kindName(String(value));
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
