import { z } from 'zod';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { code, requester, timestamp } from '../../core/statements/fields.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { importClaim } from '../claims/import-claim.ts';
import { listConsents } from '../claims/list-consents.ts';
import { draftClaim } from '../claims/make-claim.ts';
import { recordConsent } from '../claims/record-consent.ts';
import { subjectOf } from '../claims/subject.ts';
import { vouchForKey } from '../claims/vouchers.ts';
import { withdrawConsents } from '../claims/withdraw-consents.ts';
import { knownAsset } from '../known-assets.ts';
import { parseDid } from '../typed-names.ts';
import { carried, claimDraft, consentView, told } from './answers/claims.ts';
import { count, entry, statement } from './answers/names.ts';
import { cidText, didText } from './named.ts';
import { createOperation } from './operation.ts';

/** Assets by their CIDs, or a set that the ledger holds. */
export const subject = z.union([
  z.strictObject({ assets: z.array(cidText).min(1) }),
  z.strictObject({ set: cidText }),
]);

const permission = z.union([z.enum(['allow', 'deny']), z.strictObject({ condition: code })]);
const { role } = KINDS.consent.body.shape;

const consent = z.strictObject({
  kind: z.literal('consent'),
  preset: cidText.exactOptional(),
  purposes: z.partialRecord(z.enum(PURPOSES), permission).exactOptional(),
  requesters: z.array(requester).exactOptional(),
  territories: z.array(z.string()).exactOptional(),
  from: timestamp.exactOptional(),
  until: timestamp.exactOptional(),
  conditions: z.array(code).exactOptional(),
  attribution: z.boolean().exactOptional(),
  text: z.strictObject({ language: z.string(), text: z.string() }).exactOptional(),
  role,
  under: z.string().nullable(),
  replaces: z.array(z.string()),
  legalBasis: code,
});

const claim = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('declaration'),
    sourceType: z.string(),
    generative: z.enum(['none', 'exceptions', 'unstated']),
    tools: z.array(z.string()),
    note: z.string().exactOptional(),
  }),
  consent,
  z.strictObject({ kind: z.literal('withdrawal'), consents: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('certification'),
    issuer: code,
    number: code,
    checkedAt: timestamp,
    snapshot: z.string().regex(/^[0-9a-f]{64}$/),
    outcome: z.enum(['confirmed', 'not-found', 'revoked']),
  }),
  z.strictObject({
    kind: z.literal('dispute'),
    reason: code,
    against: z.array(z.string()),
  }),
]);

const identity = z.enum(['steward', 'orcid', 'website', 'key']);

/** Gives a claim ready to be signed, with the text that whoever signs must have read. */
export const draftOneClaim = createOperation({
  name: 'claim.template',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    claim,
    subject,
    maker: z.string().min(1),
    key: didText.exactOptional(),
    identity: identity.exactOptional(),
  }),
  result: claimDraft,
  async run(archive, { key, subject: meant, ...request }) {
    const { statements: _statements, ...draft } = await draftClaim(
      {
        ...request,
        subject: await subjectOf(meant, archive),
        key: key === undefined ? undefined : parseDid(key),
      },
      archive,
    );
    return draft;
  },
});

/** Carries what an outsider has signed into the ledger. */
export const importOneClaim = createOperation({
  name: 'claim.import',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ claim: z.string(), checked: z.boolean() }),
  result: carried,
  run: async (archive, request) => importClaim(request, archive),
});

/** Records a consent that a maker gave on paper. */
export const recordPaperConsent = createOperation({
  name: 'consent.record',
  opens: 'archive',
  changes: true,
  tellsSecret: true,
  input: z.strictObject({ claim: consent, subject, maker: z.string().min(1) }),
  result: z.strictObject({ entry, id: statement, ...told }),
  run: async (archive, { subject: meant, ...request }) =>
    recordConsent({ ...request, subject: await subjectOf(meant, archive) }, archive),
});

export const listAllConsents = createOperation({
  name: 'consent.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText.exactOptional() }),
  result: z.strictObject({ consents: count }),
  item: consentView,
  async run(archive, { asset }, { item }) {
    const of = asset === undefined ? undefined : knownAsset(asset, archive.catalog);
    let consents = 0;
    for await (const view of listConsents(of, archive)) {
      await item(view);
      consents += 1;
    }
    return { consents };
  },
});

export const withdrawConsent = createOperation({
  name: 'consent.withdraw',
  opens: 'archive',
  changes: true,
  /** The one-time code, or the consents that a steward records as withdrawn. */
  input: z.strictObject({
    code: z.string().min(1).exactOptional(),
    consents: z.array(z.string()).max(256),
  }),
  result: z.strictObject({ entry, consents: z.array(statement) }),
  run: async (archive, { code: typed, consents }) =>
    withdrawConsents(typed === undefined ? { consents } : { code: typed }, archive),
});

/** Records that a key is a maker's. */
export const vouchForMaker = createOperation({
  name: 'maker.vouch',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ key: didText, maker: z.string().min(1), subject }),
  result: z.strictObject({ entry, vouchers: z.array(statement) }),
  run: async (archive, { key, maker, subject: meant }) =>
    vouchForKey({ key: parseDid(key), maker, subject: await subjectOf(meant, archive) }, archive),
});
