import { fromHex } from '../../hash.ts';
import type { VerifySignature } from '../../ports/keys.ts';
import type { EntryHash } from '../../statements/fields.ts';
import type { BodyOf } from '../../statements/kinds.ts';
import type { Statement } from '../../statements/statement.ts';
import type { Did } from '../did-key.ts';
import { toEntryHash } from '../entry-hash.ts';
import { type Act, type ActKind, entryOf } from './act.ts';
import type { Governance } from './fold.ts';
import { listProblem } from './seats.ts';
import { actsOf } from './steward-acts.ts';
import { covers, type Title } from './titles.ts';
import { countYes } from './votes.ts';

/** What an act's own past says. */
export interface RulingContext {
  readonly author: Did;
  readonly title: Title;
  readonly past: Governance;
  /** The newest entries in the past that these keys wrote or that carry their envelopes. */
  readonly newestOf: (keys: readonly Did[]) => readonly EntryHash[];
  readonly verify: VerifySignature;
}

/**
 * Says why a governance statement can never count, by its own past alone; undefined for a sound one.
 * What it refers to lies in its past, and its author's role allows its kind: that was looked at before.
 */
export function rulingProblem(statement: Statement, context: RulingContext): string | undefined {
  if (statement.signed !== undefined) return 'governance is written by a home, not in an envelope';
  switch (statement.kind) {
    case 'grant':
      return grantProblem(statement.body, context);
    case 'revoke':
      return revokeProblem(statement.body, context);
    case 'invitation': {
      const { key } = statement.body;
      const isUsed = actsOf('invitation', context.past.acts).some(({ body }) => body.key === key);
      return isUsed || context.past.titles.ownerOf(key) ? 'its key was used before' : undefined;
    }
    case 'admit':
      return admitProblem(statement.body, context);
    case 'proposal':
      return proposalProblem(statement.body, context.past);
    case 'approval':
      return find(context.past, 'proposal', statement.body.proposal) === undefined
        ? 'it votes on no proposal'
        : undefined;
    case 'enactment':
      return enactmentProblem(statement.body, context.past);
    default:
      return undefined;
  }
}

function grantProblem(
  { id, key, role }: BodyOf<'grant'>,
  { author, title, past }: RulingContext,
): string | undefined {
  const owner = past.titles.ownerOf(key);
  if (owner !== undefined && owner !== id) return `${key} is a key of ${owner}`;
  if (key !== id && past.titles.grantsOf(id).length === 0) {
    return `${id} is no member yet, and a member's first key is its id`;
  }
  if (title.id === id && author !== key) {
    return covers(title.roles, role) ? undefined : `a key of its own cannot be ${role}`;
  }
  return title.roles.includes('steward') ? undefined : 'only a steward grants to others';
}

function revokeProblem(
  { id, key, last, proposal }: BodyOf<'revoke'>,
  { title, past, newestOf }: RulingContext,
): string | undefined {
  const isSteward = title.roles.includes('steward');
  if (!isSteward && id !== title.id) return 'only a steward revokes others';
  const seat = past.bench.seats.find((one) => one.id === id);
  if (seat !== undefined && (key === null || key === seat.key)) {
    return 'a steward leaves by a proposal about the stewards';
  }
  if (proposal !== null) {
    const link = past
      .chainOf('stewards')
      .find((one) => one.proposal?.hash === toEntryHash(proposal));
    const allowed = link?.proposal?.body.stewards?.last.find((one) => one.id === id)?.entries;
    return isSteward && allowed !== undefined && isSameList(allowed, last)
      ? undefined
      : 'the proposal it names is not in force, or names other last entries';
  }
  const newest = newestOf(keysOf(id, key, past));
  return isSameList([...newest].sort(), last)
    ? undefined
    : `its last entries are not the newest of ${id}, which takes a proposal`;
}

/** Returns the keys whose entries a revocation speaks of, by the acts in its past. */
export function keysOf(id: Did, key: Did | null, past: Governance): readonly Did[] {
  if (key !== null) return [key];
  const granted = actsOf('grant', past.acts).filter(({ body }) => body.id === id);
  const seated = past.titles.grantsOf(id).map((grant) => grant.key);
  return [...new Set([id, ...seated, ...granted.map(({ body }) => body.key)])];
}

function admitProblem(
  { invitation, id, proof }: BodyOf<'admit'>,
  { past, verify }: RulingContext,
): string | undefined {
  const act = find(past, 'invitation', invitation);
  if (act === undefined) return 'it names no invitation';
  if (!past.stewards.voices.has(act.hash)) return 'its invitation does not stand';
  if (past.titles.endingsOf(act.body.key).length > 0) return 'its invitation was revoked';
  const others = (past.rights.admitted.get(act.hash) ?? []).filter((other) => other !== id);
  if (others.length > 0) return 'its invitation was used for another key';
  const owner = past.titles.ownerOf(id);
  if (owner !== undefined && owner !== id) return `${id} is a key of ${owner}`;
  const signature = fromHex(proof);
  const message = new TextEncoder().encode(id);
  if (signature === undefined || !verify(act.body.key, message, signature)) {
    return `the key of its invitation did not sign for ${id}`;
  }
  return undefined;
}

function proposalProblem(body: BodyOf<'proposal'>, past: Governance): string | undefined {
  const { topic, base, document, stewards, format } = body;
  const isDocument = topic.includes(':');
  const hasForm =
    (document !== null) === isDocument &&
    (stewards !== null) === (topic === 'stewards') &&
    (format !== null) === (topic === 'format');
  if (!hasForm) return `it does not hold what a proposal about ${topic} holds`;
  if (past.chainOf(topic).at(-1)?.name !== base) return 'its base is not in force in its past';
  if (format !== null && format <= past.format) return `format ${format} is not a later one`;
  return stewards === null ? undefined : listProblem(stewards, past.bench.seats);
}

function enactmentProblem(
  { proposal: name }: BodyOf<'enactment'>,
  past: Governance,
): string | undefined {
  const proposal = find(past, 'proposal', name);
  if (proposal === undefined) return 'it enacts no proposal';
  return readiness(proposal, past);
}

/** Says why a proposal cannot be enacted in a state; undefined where it can. */
export function readiness(proposal: Act<'proposal'>, state: Governance): string | undefined {
  const { topic, base } = proposal.body;
  if (state.chainOf(topic).at(-1)?.name !== base) return 'its base is not in force';
  const yes = countYes(state.topics.votesOn(proposal.hash, state.bench));
  const { needed } = state.bench;
  return yes < needed ? `${yes} of ${needed} stewards approved` : undefined;
}

function find<K extends ActKind>(past: Governance, kind: K, statement: string): Act<K> | undefined {
  const act = past.byHash.get(entryOf(statement));
  // An act of that kind has that kind's body.
  return act?.kind === kind ? (act as unknown as Act<K>) : undefined;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
