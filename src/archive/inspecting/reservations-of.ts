import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';
import { type SourceSignal, strictest } from '../../core/reservations/signal.ts';
import { code, type StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { reservation } from '../../core/statements/rights-kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';

type Reservation = BodyOf<'reservation'>;

const signals = z.array(z.object({ protocol: code, values: reservation.shape.values }));

/** Before the protocol, in the record of what a source said. */
const SOURCE = 'source:';

/** What is known of the asset, and when this is said. */
interface Occasion {
  readonly asset: Cid;
  readonly facts: AssetFacts | undefined;
  readonly at: string;
}

/**
 * Returns what the file itself reserves, as the inspector `reservations` saw it: one statement per protocol,
 * with the strictest of what its carriers say for each purpose, unless the same is stated already. A consent of the makers can take the place
 * of such a statement; a finding it could not.
 */
export function reservationSayings(
  findings: readonly Finding[],
  /** The record in which the raw text of the findings is kept. */
  record: Cid | null,
  occasion: Occasion,
): readonly Saying[] {
  const finding = findings.find(({ inspector }) => inspector === 'reservations');
  const read = signals.safeParse(finding?.facts['signals'] ?? []);
  if (!read.success) return [];
  const said = read.data.map((signal) => ({ ...signal, at: occasion.at }));
  return newSayings(said, { by: 'file', record }, occasion);
}

/**
 * Returns what the source of a file reserves, as {@link reservationSayings}; the words it was read from, with
 * where they stood and when they were fetched, lie in a record.
 */
export function sourceSayings(
  said: readonly SourceSignal[],
  occasion: Occasion,
  { randomBytes, sha256 }: Pick<Archive, 'randomBytes' | 'sha256'>,
): readonly Saying[] {
  if (said.length === 0) return [];
  const raw = said.slice(0, 256).map(({ protocol, where, at, text }) => ({
    ...{
      inspector: SOURCE + protocol,
      where: `${where.slice(0, 480)} ${at}`,
      text,
      truncated: false,
    },
  }));
  const record = encodeRecord({ type: 'finding', raw }, randomBytes(16), sha256);
  const sayings = newSayings(said, { by: 'source', record: record.cid }, occasion);
  return sayings.map((saying, place) => (place === 0 ? { ...saying, records: [record] } : saying));
}

/** Returns where sources said the reservations of an asset, by the statements that record it. */
export function placesOfReservations(
  facts: AssetFacts,
  { ledger }: Pick<Archive, 'ledger'>,
): ReadonlyMap<StatementId, readonly string[]> {
  const bySources = factsOf(facts, 'reservation').filter(({ body }) => body.by === 'source');
  const places = bySources.map(({ id, body }) => {
    const record = body.record === null ? undefined : ledger.record(body.record);
    const raw = record?.type === 'finding' ? record.raw : [];
    const own = raw.filter(({ inspector }) => inspector === SOURCE + body.protocol);
    return [id, [...new Set(own.map(({ where }) => where))]] as const;
  });
  return new Map(places);
}

function newSayings(
  said: readonly (Pick<Reservation, 'protocol' | 'values'> & { readonly at: string })[],
  { by, record }: Pick<Reservation, 'by' | 'record'>,
  { asset, facts, at }: Occasion,
): readonly Saying[] {
  const known = facts === undefined ? [] : factsOf(facts, 'reservation');
  const stated = new Set(known.map(({ body }) => contentOf(body)));
  return [...Map.groupBy(said, ({ protocol }) => protocol)].flatMap(([protocol, alike]) => {
    const values = strictest(alike.map((signal) => signal.values));
    const observedAt =
      alike
        .map((signal) => signal.at)
        .sort()
        .at(-1) ?? at;
    const body = { protocol, values, observedAt, by, record };
    if (stated.has(contentOf(body))) return [];
    return [{ statement: createStatement('reservation', { asset }, at, body) }];
  });
}

function contentOf({ protocol, values, by }: Reservation): string {
  return JSON.stringify([protocol, by, strictest([values])]);
}
