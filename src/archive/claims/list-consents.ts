import type { Cid } from '../../core/cid.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { readText } from '../../core/statements/text.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { type ConsentFate, consentFates } from './consent-fates.ts';

/** A consent with what became of it. */
export interface ConsentView
  extends Pick<
      BodyOf<'consent'>,
      | 'role'
      | 'under'
      | 'purposes'
      | 'requesters'
      | 'territories'
      | 'from'
      | 'until'
      | 'conditions'
      | 'identity'
      | 'capture'
      | 'language'
    >,
    ConsentFate {
  readonly about: { readonly asset: Cid } | { readonly set: Cid };
  readonly at: string;
  /** Signed by an outsider's key; else recorded by a member. */
  readonly signed: boolean;
  /** The text that was shown; null where it is not here. */
  readonly text: string | null;
}

/** Yields the consents that stand, of one asset or all, in order of arrival. */
export async function* listConsents(
  asset: Cid | undefined,
  { ledger, catalog, sha256 }: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): AsyncGenerator<ConsentView, void> {
  const wanted =
    asset === undefined
      ? undefined
      : new Set((catalog.facts(asset)?.known.consent ?? []).map(({ id }) => id));
  const takeTurn = takeTurns();
  for (const { id, statement } of catalog.said('consent')) {
    await takeTurn();
    if (statement.kind !== 'consent' || statement.about === null) continue;
    if (wanted !== undefined && !wanted.has(id)) continue;
    const { about, at, body, carried } = statement;
    const [first] = 'asset' in about ? [about.asset] : await ledger.setMembers(about.set);
    const facts = first === undefined ? undefined : catalog.facts(first);
    const fates = facts === undefined ? [] : consentFates(facts, { ledger, sha256 });
    const fate = fates.find((one) => one.id === id);
    const {
      makers: _makers,
      text,
      legalBasis: _basis,
      attribution: _credit,
      withdrawalCode: _code,
      replaces: _old,
      record: _record,
      ...terms
    } = body;
    const bytes = ledger.block(text);
    yield {
      id,
      about,
      at,
      ...terms,
      signed: carried !== undefined,
      tied: fate?.tied ?? false,
      withdrawnBy: fate?.withdrawnBy ?? [],
      replaced: fate?.replaced ?? false,
      text: (bytes && readText(bytes)?.text) ?? null,
    };
  }
}
