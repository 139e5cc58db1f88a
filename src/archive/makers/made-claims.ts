import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { readText } from '../../core/statements/text.ts';
import type { Archive } from '../archive.ts';
import { type ConsentFate, consentFates } from '../claims/consent-fates.ts';
import { signedBy } from '../claims/signed-by.ts';
import { type Impact, impactOf } from '../tracing/impact-of.ts';

/** What a maker has said of one of its assets, and where that went. */
export interface MadeClaims {
  readonly declarations: readonly (Pick<
    BodyOf<'declaration'>,
    'digitalSourceType' | 'generative' | 'tools'
  > & { readonly id: string; readonly at: string })[];
  readonly consents: readonly (Pick<
    BodyOf<'consent'>,
    'purposes' | 'requesters' | 'from' | 'until'
  > &
    ConsentFate & { readonly at: string; readonly text: string | null })[];
  readonly uses: readonly Impact[];
  /** There are more uses than are told. */
  readonly isCut: boolean;
}

/** Uses that one answer holds: whoever has more asks a steward. */
const MOST_USES = 1_000;

type Parts = Pick<
  Archive,
  'catalog' | 'ledger' | 'releases' | 'revisions' | 'verifySignature' | 'sha256' | 'clock'
>;

/**
 * Returns what a key has signed about an asset, the newest first, and every release, receipt and model
 * that it went into.
 *
 * @throws {ArchiveError} `home_corrupt`.
 */
export async function madeClaims(key: Did, asset: Cid, parts: Parts): Promise<MadeClaims> {
  const { catalog, ledger } = parts;
  const facts = catalog.facts(asset);
  const fates = new Map(
    (facts === undefined ? [] : consentFates(facts, parts)).map((fate) => [fate.id, fate]),
  );
  const uses: Impact[] = [];
  let isCut = false;
  for await (const use of impactOf(asset, parts)) {
    isCut = uses.length === MOST_USES;
    if (isCut) break;
    uses.push(use);
  }
  const newest = <T extends { readonly clock: number }>(said: readonly T[]) =>
    [...said].sort((a, b) => b.clock - a.clock);
  return {
    declarations: newest(signedBy(key, 'declaration', asset, parts)).map(({ id, at, body }) => {
      const { digitalSourceType, generative, tools } = body;
      return { id, at, digitalSourceType, generative, tools };
    }),
    consents: newest(signedBy(key, 'consent', asset, parts)).map(({ id, at, body }) => {
      const { purposes, requesters, from, until } = body;
      const bytes = ledger.block(body.text);
      const text = (bytes && readText(bytes)?.text) ?? null;
      const { tied = false, withdrawnBy = [], replaced = false } = fates.get(id) ?? {};
      return { id, at, purposes, requesters, from, until, text, tied, withdrawnBy, replaced };
    }),
    ...{ uses, isCut },
  };
}
