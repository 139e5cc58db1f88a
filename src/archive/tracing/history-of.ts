import { referencesOf } from '../../core/entries/references.ts';
import { type AssetKind, type Fact, factsOf } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { Statement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';
import { type PastStatement, toldOf } from './past-statement.ts';

export interface History {
  readonly total: number;
  readonly statements: readonly PastStatement[];
  /** Where to go on, while there is more. */
  readonly cursor: string | null;
}

type Parts = Pick<Archive, 'catalog' | 'ledger'>;

/**
 * Returns what stands about an asset, the newest first by what the statements say of their time; a page of it, or
 * the statements that are asked for by their ids. What arrives meanwhile moves no page.
 *
 * @throws {ArchiveError} `input_invalid`, `not_found`.
 */
export function historyOf(
  text: string,
  asked: {
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly only?: readonly StatementId[] | undefined;
  },
  parts: Parts,
): History {
  const asset = knownAsset(text, parts.catalog);
  const facts = parts.catalog.facts(asset);
  const kinds = Object.keys(facts?.known ?? {}) as AssetKind[];
  const known = kinds.flatMap((kind) =>
    facts === undefined ? [] : factsOf(facts, kind).map((fact) => ({ kind, fact, ...fact })),
  );
  const unknown = (facts?.unknown ?? []).map((one) => ({ ...one, fact: undefined, at: '' }));
  const all = [...known, ...unknown]
    .map((one) => ({ ...one, place: `${one.at} ${one.id}` }))
    .sort((a, b) => (a.place < b.place ? 1 : -1));
  const only = asked.only && new Set(asked.only);
  const wanted = all.filter(
    ({ id, place }) =>
      (only?.has(id) ?? true) && (asked.cursor === undefined || place < asked.cursor),
  );
  const page = wanted.slice(0, asked.limit);
  const namers = namersOf(known);
  const statements = page.map((one) => {
    const namedBy = namers.get(one.id) ?? [];
    const { id, kind } = one;
    if (one.fact !== undefined) return { id, kind, namedBy, ...toldOf(one.fact, parts) };
    const bySet = one.about !== null && 'set' in one.about;
    const nothing = { author: null, signer: null, body: {}, words: null, lacksWords: false };
    return { id, kind, at: null, bySet, namedBy, ...nothing };
  });
  const last = wanted.length > page.length ? page.at(-1) : undefined;
  return { total: all.length, statements, cursor: last?.place ?? null };
}

function namersOf(facts: readonly (Fact<AssetKind> & { readonly kind: AssetKind })[]) {
  const namers = new Map<StatementId, { id: StatementId; kind: string }[]>();
  for (const { id, kind, body } of facts) {
    // What a statement refers to depends on its kind and body alone.
    for (const { entry, place } of referencesOf({ kind, body } as Statement)) {
      const named = `${entry}/${place}`;
      const list = namers.get(named) ?? [];
      namers.set(named, list);
      list.push({ id, kind });
    }
  }
  return namers;
}
