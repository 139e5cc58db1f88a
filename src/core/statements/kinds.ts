import type { z } from 'zod';
import * as asset from './asset-kinds.ts';
import * as care from './care-kinds.ts';
import * as governance from './governance-kinds.ts';
import * as review from './review-kinds.ts';
import * as rights from './rights-kinds.ts';

/** Who may make a statement: the roles of ledger.md §4, and `maker` for a key that is no member's. */
export type Role = (typeof governance.ROLES)[number] | 'maker';

interface Kind<Body extends z.ZodType = z.ZodType> {
  readonly body: Body;
  /** What `about` may name. */
  readonly about: 'asset' | 'asset-or-set' | 'nothing' | 'anything';
  /** Governance statements stand alone in their entry. */
  readonly governance: boolean;
  readonly roles: readonly Role[];
}

const CURATORS = ['steward', 'archivist'] as const;
const REVIEWERS = ['steward', 'reviewer'] as const;
const EVERYBODY = [
  'steward',
  'archivist',
  'reviewer',
  'partner',
  'pipeline',
  'agent',
  'maker',
] as const;
const MEMBERS = ['steward', 'archivist', 'reviewer', 'partner', 'pipeline', 'agent'] as const;
const NODES = ['steward', 'archivist', 'partner'] as const;

/**
 * Every kind of statement of format 1, at version 1: its body, what it can be about, who may make it.
 *
 * The same table is the documentation of roles. A steward may make what an archivist may. A kind or
 * version that is not here is kept, passed on, and makes the assets it names ineligible.
 */
export const KINDS = {
  deposit: kind(asset.deposit, 'asset', CURATORS),
  description: kind(asset.description, 'asset', CURATORS),
  finding: kind(asset.finding, 'asset', NODES),
  declaration: kind(asset.declaration, 'asset-or-set', EVERYBODY),
  certification: kind(asset.certification, 'asset-or-set', EVERYBODY),
  evidence: kind(asset.evidence, 'asset-or-set', [...CURATORS, 'reviewer']),
  custody: kind(asset.custody, 'asset-or-set', CURATORS),
  licence: kind(rights.licence, 'asset-or-set', CURATORS),
  consent: kind(rights.consent, 'asset-or-set', EVERYBODY),
  withdrawal: kind(rights.withdrawal, 'asset-or-set', EVERYBODY),
  reservation: kind(rights.reservation, 'asset-or-set', CURATORS),
  flag: kind(rights.flag, 'asset-or-set', [...CURATORS, 'reviewer']),
  quarantine: kind(review.quarantine, 'asset-or-set', NODES),
  review: kind(review.review, 'asset-or-set', REVIEWERS),
  dispute: kind(review.dispute, 'asset-or-set', EVERYBODY),
  hold: kind(review.hold, 'asset-or-set', [...CURATORS, 'reviewer']),
  resolution: kind(review.resolution, 'asset-or-set', REVIEWERS),
  takedown: kind(review.takedown, 'asset-or-set', ['steward']),
  derivation: kind(asset.derivation, 'asset', [...CURATORS, 'agent']),
  rendition: kind(asset.rendition, 'asset', CURATORS),
  synthetic: kind(asset.synthetic, 'asset-or-set', [...CURATORS, 'agent']),
  attestation: kind(asset.attestation, 'asset-or-set', CURATORS),
  release: kind(care.release, 'asset-or-set', CURATORS),
  receipt: kind(care.receipt, 'nothing', [...CURATORS, 'pipeline', 'partner']),
  model: kind(care.model, 'nothing', [...CURATORS, 'pipeline']),
  holding: kind(care.holding, 'asset-or-set', NODES),
  fixity: kind(care.fixity, 'asset-or-set', NODES),
  checkpoint: kind(care.checkpoint, 'nothing', MEMBERS),
  timestamp: kind(care.timestampToken, 'nothing', NODES),
  collection: kind(care.collection, 'nothing', CURATORS),
  removal: kind(care.removal, 'asset-or-set', ['steward']),
  acknowledgement: kind(care.acknowledgement, 'anything', NODES),
  erasure: kind(care.erasure, 'anything', CURATORS),
  // Everybody but stewards to keys of its own only: entries/governance/README.md.
  grant: ruling(governance.grant, MEMBERS),
  revoke: ruling(governance.revoke, MEMBERS),
  invitation: ruling(governance.invitation, ['steward']),
  admit: ruling(governance.admit, ['steward', 'partner']),
  adopt: ruling(governance.adopt, ['steward']),
  proposal: ruling(governance.proposal, ['steward']),
  approval: ruling(governance.approval, ['steward']),
  enactment: ruling(governance.enactment, ['steward']),
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export type BodyOf<K extends KindName> = z.output<(typeof KINDS)[K]['body']>;

export function isKind(name: string): name is KindName {
  return Object.hasOwn(KINDS, name);
}

function kind<Body extends z.ZodType>(
  body: Body,
  about: Kind['about'],
  roles: readonly Role[],
): Kind<Body> {
  return { body, about, roles, governance: false };
}

function ruling<Body extends z.ZodType>(body: Body, roles: readonly Role[]): Kind<Body> {
  return { body, about: 'nothing', roles, governance: true };
}
