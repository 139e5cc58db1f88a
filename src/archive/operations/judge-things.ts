import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { RUBRIC_WORDS } from '../../core/policy/rubrics.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { AttestationView } from '../../core/ports/set-attestations.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { code, timestamp } from '../../core/statements/fields.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { subjectOf } from '../claims/subject.ts';
import { addReview } from '../judging/add-review.ts';
import { attestSet } from '../judging/attest-set.ts';
import { listStops } from '../judging/list-stops.ts';
import { screenAll } from '../judging/screen-assets.ts';
import { STOPPING, type Stop, type Stopping, stop } from '../judging/stop.ts';
import { knownAsset } from '../known-assets.ts';
import { timestampOf } from '../now.ts';
import { noteOf, stateAbout } from '../state-about.ts';
import { attestation, listedStop, nextDraws } from './answers/judging.ts';
import { count, moment, organisation, statement } from './answers/names.ts';
import { stated } from './answers/recorded.ts';
import { quarantined } from './answers/taken.ts';
import { subject } from './make-claims.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

export const review = z.strictObject({
  asset: cidText,
  rubric: z.string().meta({ pattern: `^(${RUBRIC_WORDS.join('|')})$` }),
  outcome: z.enum(['confirmed', 'not-shown', 'contradicted', 'cannot-tell']),
  hasNoStake: z.boolean(),
  evidence: z.array(z.string()),
  draw: z.strictObject({ attestation: z.string(), number: z.number() }).exactOptional(),
});

/** Records what a reviewer saw in one asset, or in one draw of a set attestation. */
export const reviewAsset = createOperation({
  name: 'review.add',
  opens: 'archive',
  changes: true,
  input: review.extend({ note: z.string().exactOptional() }),
  result: stated,
  run: async (archive, { asset, note, draw, ...words }) =>
    addReview({ ...words, note, draw, asset: knownAsset(asset, archive.catalog) }, archive),
});

/** Gives the reviews of an asset. */
export const listReviews = createOperation({
  name: 'review.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.array(
    z.strictObject({ id: statement, at: moment, organisation, ...KINDS.review.body.shape }),
  ),
  async run({ catalog }, input) {
    const facts = catalog.facts(knownAsset(input.asset, catalog));
    const reviews = facts === undefined ? [] : factsOf(facts, 'review');
    return reviews.map(({ id, at, organisation, body }) => ({ id, at, organisation, ...body }));
  },
});

/** Gives the next draws of a set attestation's sample. */
export const nextReviews = createOperation({
  name: 'review.next',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ attestation: z.string(), limit: z.number().int().min(1).max(1_000) }),
  result: z.strictObject({ attestation, next: nextDraws.nullable() }),
  async run({ catalog, ledger }, { attestation: id, limit }) {
    const view = catalog.attestation(id);
    if (view === undefined) {
      throw new ArchiveError('not_found', `no set attestation ${id} can be read here`);
    }
    return { attestation: ownOr(view, ledger), next: catalog.nextDraws(id, limit) ?? null };
  },
});

/** Attests a set from a table. */
export const attestTable = createOperation({
  name: 'attest.set',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ path: z.string() }),
  result: stated,
  run: async (archive, { path }, { signal }) =>
    attestSet(await archive.intake.readTable(path, signal), archive),
});

/** Lists the set attestations with what their samples showed. */
export const listAttestations = createOperation({
  name: 'attest.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(attestation),
  run: async ({ catalog, ledger }) => catalog.attestations().map((view) => ownOr(view, ledger)),
});

/** An attestation, and whether this home's own organisation made it. */
function ownOr(view: AttestationView, { self }: Pick<Ledger, 'self'>) {
  return { ...view, isOwn: view.organisation === self.organisation };
}

/** What stops uses, before the record of its note. */
export const stopWords = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dispute'),
    reason: code,
    by: z.enum(['maker', 'member', 'outsider']),
    against: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('hold'),
    reason: code,
    source: z.enum(['steward', 'community']),
    deadline: timestamp.nullable(),
  }),
  z.strictObject({
    kind: z.literal('flag'),
    flag: z.enum(['personal-data', 'likeness', 'community', 'human-remains']),
    state: z.enum(['raised', 'cleared']),
    purposes: z.array(z.enum(PURPOSES)),
    label: code.nullable(),
  }),
  z.strictObject({ kind: z.literal('quarantine'), reason: code, tool: code.nullable() }),
  z.strictObject({ kind: z.literal('takedown'), reason: code, authority: code.nullable() }),
]);

/** Says something that stops uses until somebody ends it. */
export const stopUses = createOperation({
  name: 'stop',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ words: stopWords, subject, note: z.string().exactOptional() }),
  result: stated,
  async run(archive, { words: said, subject: named, note }) {
    const given = { subject: await subjectOf(named, archive), note };
    return stop(inOrder(said), given, archive);
  },
});

/** Screens all bytes that are here with what is configured. Items are what is put into quarantine. */
export const screenEverything = createOperation({
  name: 'quarantine.scan',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({}),
  result: z.strictObject({
    screened: count,
    quarantined: count,
    absent: count.describe('Assets whose bytes are not here'),
  }),
  item: quarantined,
  run: async (archive, _input, telling) => screenAll(archive, telling),
});

/** Lists what stops uses. */
export const listStopped = createOperation({
  name: 'stop.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ kind: z.enum(STOPPING), all: z.boolean() }),
  result: z.null(),
  item: listedStop,
  async run(archive, { kind, all }, { item }) {
    const at = timestampOf(archive.clock);
    for await (const one of listStops(kind, { isOpenOnly: !all, at }, archive)) await item(one);
    return null;
  },
});

export const resolution = z.strictObject({
  of: z.array(z.string()).min(1),
  outcome: z.enum(['dismissed', 'upheld', 'lifted']),
});

/** Ends disputes, holds, quarantines, flags or takedowns, or upholds them. */
export const resolveStops = createOperation({
  name: 'resolve',
  opens: 'archive',
  changes: true,
  input: resolution.extend({ subject, note: z.string().exactOptional() }),
  result: stated,
  async run(archive, { of, outcome, subject: named, note }) {
    const saying = { subject: await subjectOf(named, archive), record: noteOf(note) };
    const ids = [...new Set(of)].sort();
    return stateAbout('resolution', (record) => ({ of: ids, outcome, record }), saying, archive);
  },
});

/** Lists are sets: sorted and without repetitions. */
export function inOrder(said: z.output<typeof stopWords>): Stop[Stopping] {
  if (said.kind === 'dispute') return { ...said, against: [...new Set(said.against)].sort() };
  if (said.kind === 'flag') return { ...said, purposes: [...new Set(said.purposes)].sort() };
  return said;
}
