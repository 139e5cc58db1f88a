import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';

/** What somebody may do here, each by a word. */
export const RIGHTS = {
  read: 'see and fetch what is public, or what this caller may read',
  see: 'see everything that the home knows, verdicts and people included',
  review: 'say what a reviewer says',
  audit: 'read releases as they were cut, with what was withdrawn since; each reading is logged',
  record: 'take assets in, and say things about them',
  govern: 'change members, policies and trust, vote, make peers',
  run: 'look after the node: check, index, copy, sign',
  own: 'have the node read and write files of its machine, and leave the archive',
} as const;

export type Right = keyof typeof RIGHTS;

/**
 * Who may do what. What is said through a node is signed by its home's key, so only members of the
 * home's own organisation say anything through it; members of others read. So do makers, who are no members:
 * of what is not public each sees the assets that are its own.
 */
export const RIGHTS_OF = {
  owner: ['read', 'see', 'review', 'audit', 'record', 'govern', 'run', 'own'],
  steward: ['read', 'see', 'review', 'audit', 'record', 'govern', 'run'],
  archivist: ['read', 'see', 'record'],
  reviewer: ['read', 'see', 'review', 'audit'],
  member: ['read'],
  maker: ['read'],
  anonymous: ['read'],
} as const satisfies Readonly<Record<string, readonly Right[]>>;

/**
 * What each operation takes. One that is not here is the owner's: it reads or writes files of the machine,
 * tells a secret, deletes for good, or lets a restored home speak before it has heard from a partner.
 */
export const RIGHT_OF_OPERATION: ReadonlyMap<string, Right> = new Map(
  Object.entries({
    see: [
      'list facets show history lineage alike preview status explain consent.list evidence.list evidence.source review.list review.next review.queue review.agreement attest.list stop.list collection.list',
      'synthetic.matches member.list proposal.list proposal.show policy.list policy.show policy.versions policy.diff what-if',
      'trust.list trust.show release.list release.plan release.show release.verify release.impact release.holders release.members model.trace proof peers replicate.status replicate.history claim.template',
      'invite.list log.list log.head log.show log.consistency car.list erase.plan erase.list remove.list report.ai-act report.provenance',
    ],
    review: ['review.add statement.draft statement.import'],
    record: [
      'declare derive derive.machine claim.import consent.record consent.withdraw maker.vouch certificate.add',
      'evidence.add stop resolve release.cut model.register synthetic.scan quarantine.scan reinspect collection.set collection.add',
      'rendition.make rendition.confirm certificate.revoke catalogue.read',
    ],
    govern: [
      'member.grant member.revoke member.adopt key.rotate proposal.vote proposal.enact policy.propose quorum.propose',
      'trust.import invite peers.add peers.remove erase webhook.list webhook.remove objection.list',
      'objection.answer remove remove.confirm',
    ],
    run: ['remove.carry-out fixity replicate.now verify reindex doctor checkpoint config'],
  } satisfies Partial<Record<Right, readonly string[]>>).flatMap(([right, lines]) =>
    // The keys are rights by their type.
    lines.flatMap((line) => line.split(' ')).map((name) => [name, right as Right] as const),
  ),
);

/** Says what a caller may do at the node of a home of this organisation. */
export function rightsOf(caller: Caller, organisation: string): ReadonlySet<Right> {
  return new Set(rolesOf(caller, organisation).flatMap((name) => [...RIGHTS_OF[name]]));
}

/** Returns what a caller is at such a node, each by its row in the table. */
export function rolesOf(caller: Caller, organisation: string): readonly (keyof typeof RIGHTS_OF)[] {
  if (caller.kind !== 'member') return [caller.kind];
  const { member } = caller;
  const own = member.organisation === organisation ? member.roles : [];
  const names = (['steward', 'archivist', 'reviewer'] as const).filter((one) => own.includes(one));
  return [...names, 'member'];
}

/** @throws {ArchiveError} `sign_in_required`; `not_allowed` if the caller's roles do not give the right. */
export function refuseWithout(right: Right, caller: Caller, organisation: string): void {
  if (rightsOf(caller, organisation).has(right)) return;
  const names = Object.entries(RIGHTS_OF)
    .filter(([, rights]) => (rights as readonly Right[]).includes(right))
    .map(([name]) => name);
  throw caller.kind === 'anonymous'
    ? new ArchiveError('sign_in_required', `this takes a sign-in as ${names.join(', ')}`)
    : new ArchiveError('not_allowed', `this takes one of the roles ${names.join(', ')} here`);
}
