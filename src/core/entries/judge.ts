import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { type Sha256, toHex } from '../hash.ts';
import type { VerifySignature } from '../ports/keys.ts';
import { encodeBlock } from '../statements/block.ts';
import type { EntryHash } from '../statements/fields.ts';
import { KINDS, type Role } from '../statements/kinds.ts';
import { readStatement, type Statement, type StatementOutline } from '../statements/statement.ts';
import { type Cosigner, cosignersOf } from '../witnessing/cosigners.ts';
import { says } from './carried.ts';
import type { Did } from './did-key.ts';
import { openEnvelope } from './envelope.ts';
import type { Governance } from './governance/fold.ts';
import { rulingProblem } from './governance/ruling-problem.ts';
import type { Title } from './governance/titles.ts';
import { openCheckpoint } from './note.ts';
import { type Reference, referencesOf, setOf } from './references.ts';

/** What judging must know; all of it is fixed by the entry and its past. */
export interface JudgingContext {
  readonly address: string;
  readonly charter: Cid;
  /** The entry's author. */
  readonly author: Did;
  /** Whether the statement stands inline in its entry, as governance does. */
  readonly inline: boolean;
  /** The fold of the entry's past. */
  readonly past: Governance;
  /** The newest entries in the past that these keys wrote or that carry their envelopes. */
  readonly newestOf: (keys: readonly Did[]) => readonly EntryHash[];
  /** Whether the entry, and the statement if one is meant, lies in the entry's past. */
  readonly isInPast: (reference: Reference) => boolean;
  /** Whether the set's pages, order, count and root agree. */
  readonly isWholeSet: (set: Cid) => boolean;
  /** The bytes of a block that came with the entry. */
  readonly block: (cid: Cid) => Uint8Array | undefined;
  /** Whether the entry's past carries what has this key already: {@link Judgement} `once`. */
  readonly isRepetition: (once: Cid) => boolean;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

export type Judgement =
  | {
      readonly outcome: 'standing';
      readonly statement: Statement;
      /** Who says it: the entry's author, or the member who signed it elsewhere. */
      readonly author: Did;
      readonly organisation: string;
      readonly roles: readonly Role[];
      /** For a statement signed elsewhere: names signer, nonce and statement, to tell repetitions. */
      readonly once: Cid | undefined;
      /** Of a checkpoint: who confirmed it. */
      readonly cosigners?: readonly Cosigner[];
    }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'void'; readonly reason: string };

/**
 * Says whether one statement of an accepted entry counts, alone and by its entry's past (ledger.md §3).
 * Never throws: what is wrong with a statement is an answer.
 */
function judge(outline: StatementOutline, context: JudgingContext): Judgement {
  const set = setOf(outline);
  if (set !== undefined && !context.isWholeSet(set)) return nothing('it is about a broken set');
  const reading = readStatement(outline);
  if (reading.outcome === 'unknown') return { outcome: 'unknown' };
  if (reading.outcome === 'bad') return nothing(reading.problem);
  const { statement } = reading;
  const kind = KINDS[statement.kind];
  if (kind.governance !== context.inline) return nothing('governance stands alone and inline');
  const speaker = speakerOf(outline, context);
  if ('reason' in speaker) return nothing(speaker.reason);
  const allowed: readonly Role[] = kind.roles;
  if (!speaker.roles.some((role) => allowed.includes(role))) {
    return nothing(`${speaker.roles.join(', ')} may not make ${statement.kind} statements`);
  }
  const missing = referencesOf(statement).find((reference) => !context.isInPast(reference));
  if (missing !== undefined) return nothing(`it refers to ${missing.entry}, not in its past`);
  const { title, ...voice } = speaker;
  const problem = kind.governance
    ? rulingProblem(statement, { ...context, title })
    : (noteProblem(statement, speaker.author, context) ?? holderProblem(statement, context.past));
  if (problem !== undefined) return nothing(problem);
  const standing = { outcome: 'standing', statement, ...voice } as const;
  if (statement.kind !== 'checkpoint') return standing;
  const { verify, sha256 } = context;
  return {
    ...standing,
    cosigners: cosignersOf(statement.body, context.past, verify, sha256),
  };
}

/** Judges the statements of one entry, each alone, but none that the entry says twice. */
export function judgeAll(
  outlines: readonly StatementOutline[],
  context: JudgingContext,
): readonly Judgement[] {
  return [...judgeEach(outlines, context)];
}

/** Yields what {@link judgeAll} returns, so that others may have their turn in between. */
export function* judgeEach(
  outlines: readonly StatementOutline[],
  context: JudgingContext,
): Generator<Judgement, void> {
  const said = new Set<Cid>();
  const isRepetition = (once: Cid) => said.has(once) || context.isRepetition(once);
  const once = { ...context, isRepetition };
  for (const outline of outlines) {
    const judgement = judge(outline, once);
    if (judgement.outcome === 'standing' && judgement.once !== undefined) said.add(judgement.once);
    yield judgement;
  }
}

interface Speaker {
  readonly author: Did;
  readonly organisation: string;
  readonly roles: readonly Role[];
  readonly once: Cid | undefined;
  /** What the speaker's key may do by the entry's past. */
  readonly title: Title;
}

function speakerOf(
  outline: StatementOutline,
  context: JudgingContext,
): Speaker | { readonly reason: string } {
  const { author } = context;
  const title = context.past.titleOf(author);
  if (title?.use !== 'home') return { reason: `${author} is no member` };
  const { organisation, roles } = title;
  if (outline.carried !== undefined) {
    return { author, organisation, roles: ['maker'], once: undefined, title };
  }
  if (outline.signed === undefined) {
    return { author, organisation, roles, once: undefined, title };
  }
  return signerOf(outline, outline.signed, context);
}

function signerOf(
  outline: StatementOutline,
  signed: NonNullable<StatementOutline['signed']>,
  context: JudgingContext,
): Speaker | { readonly reason: string } {
  const { sha256 } = context;
  const title = context.past.titleOf(signed.by);
  if (title === undefined) return { reason: `${signed.by}, who signed it, is no member` };
  const bytes = context.block(signed.envelope);
  if (bytes === undefined) return { reason: 'its envelope is not here' };
  try {
    const envelope = openEnvelope(bytes, { archive: context.address, verify: context.verify });
    if (envelope.by !== signed.by || !says(envelope, outline)) {
      return { reason: 'its envelope does not say it' };
    }
    const { signed: _signed, ...bare } = outline;
    const { cid: once } = encodeBlock([envelope.by, envelope.nonce, bare], sha256);
    if (context.isRepetition(once)) return { reason: 'the same envelope said it before' };
    const { organisation, roles } = title;
    return { author: signed.by, organisation, roles, once, title };
  } catch (error) {
    if (error instanceof ArchiveError) return { reason: error.message };
    throw error;
  }
}

/** A checkpoint must be the author's own signed note about this archive. */
function noteProblem(
  statement: Statement,
  author: Did,
  context: JudgingContext,
): string | undefined {
  if (statement.kind !== 'checkpoint') return undefined;
  try {
    const { size, root, note } = statement.body;
    const body = openCheckpoint(note, author, context.verify, context.sha256);
    if (!body.origin.startsWith(`${context.charter}/${author}/`)) {
      return 'its note is about another tree';
    }
    return body.size === size && toHex(body.root) === root ? undefined : 'its note says otherwise';
  } catch (error) {
    if (error instanceof ArchiveError) return error.message;
    throw error;
  }
}

/**
 * A passed challenge must name a member's own node, or anybody could prove copies that nobody has.
 * That a copy is not there is believed of whomever it is said.
 */
function holderProblem(statement: Statement, past: Governance): string | undefined {
  if (statement.kind !== 'holding' || statement.body.outcome !== 'proven') return undefined;
  const { holder, organisation } = statement.body;
  const title = past.titleOf(holder);
  return title?.use === 'home' && title.organisation === organisation
    ? undefined
    : `${holder} is no node of ${organisation}`;
}

function nothing(reason: string): Judgement {
  return { outcome: 'void', reason };
}
