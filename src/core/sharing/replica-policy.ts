import { ArchiveError } from '../errors.ts';
import type { AssetStatus } from '../ports/asset-views.ts';

/**
 * What a replica is for. `eligible`: what may train generative models, leaving aside R0's witnesses and
 * R1's copies, which replication itself supplies.
 */
export type ReplicaPolicy =
  | { readonly kind: 'all' }
  | { readonly kind: 'eligible' }
  | { readonly kind: 'none' }
  /** By the collection's salted id. */
  | { readonly kind: 'collection'; readonly collection: string }
  /** `image/png`, or `image` for every image. */
  | { readonly kind: 'media'; readonly media: string };

/** What replica policies look at in an asset. */
export interface ReplicaSubject {
  readonly status: AssetStatus;
  readonly mediaType: string;
  /** Salted ids of the collections that it was deposited in. */
  readonly collections: readonly string[];
  /** Asked only where it matters, since it costs a verdict. */
  readonly isEligible: () => boolean;
}

/**
 * Returns what a replica policy says, as it stands in a grant, an invitation or the settings of a home.
 *
 * @throws {ArchiveError} `input_invalid`.
 */
export function parseReplicaPolicy(text: string): ReplicaPolicy {
  if (text === 'all' || text === 'eligible' || text === 'none') return { kind: text };
  const [kind, ...rest] = text.split(':');
  const named = rest.join(':');
  if (kind === 'collection' && /^[0-9a-f]{32}$/.test(named)) return { kind, collection: named };
  if (kind === 'media' && /^[a-z0-9*!#$&^_.+/-]{1,128}$/.test(named)) {
    return { kind, media: named.replace(/\/\*$/, '') };
  }
  throw new ArchiveError(
    'input_invalid',
    `${JSON.stringify(text.slice(0, 160))} is no replica policy; write all, eligible, none, ` +
      'collection:ID or media:TYPE',
  );
}

/**
 * Says whether a replica should hold an asset: every policy that binds it covers the asset (what it
 * was granted, and what its own settings narrow that to), and the asset was not removed.
 */
export function isWanted(policies: readonly ReplicaPolicy[], subject: ReplicaSubject): boolean {
  return subject.status !== 'removed' && policies.every((policy) => covers(policy, subject));
}

function covers(policy: ReplicaPolicy, subject: ReplicaSubject): boolean {
  switch (policy.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'collection':
      return subject.collections.includes(policy.collection);
    case 'media':
      return isOfMedia(policy.media, subject.mediaType);
    case 'eligible':
      return subject.isEligible();
  }
}

/** Says whether a media type is the one named, or of the family named (`image`, `*`). */
export function isOfMedia(media: string, mediaType: string): boolean {
  return media === '*' || mediaType === media || mediaType.startsWith(`${media}/`);
}
