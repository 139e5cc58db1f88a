import { type Cid, parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import { CODE_BYTES, oneTimeCode, printedCode, typedCode } from '../../core/one-time-code.ts';
import type { Objection, ObjectionReason, ObjectionTerms } from '../../core/ports/objections.ts';
import { type Caller, mayRead } from '../../core/sharing/caller.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

/** What somebody says against an asset. */
export interface ObjectionRequest {
  readonly asset: string;
  readonly reason: ObjectionReason;
  readonly text: string;
  readonly caller: Caller;
}

/** What whoever objected is told; the receipt once. */
export interface RecordedObjection {
  /** Shows the answer to whoever has it. */
  readonly receipt: string;
  readonly deadline: string;
}

/** What a receipt shows. */
export type ShownObjection = Pick<Objection, 'asset' | 'at' | 'deadline' | 'answer'> & {
  /** `held`: nobody answered by the deadline, and the asset is held until somebody does. */
  readonly state: 'pending' | 'held' | 'upheld' | 'dismissed';
};

/** Objections that wait for an answer: as many as stewards can be asked to read, and of one asset. */
const MOST_PENDING = 1_000;
const MOST_OF_ASSET = 10;
const DAY_MS = 86_400_000;

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'objections' | 'clock' | 'randomBytes' | 'sha256'
>;

/**
 * Keeps an objection by somebody without an account for the stewards of this home. It changes nothing
 * until it is answered, or its deadline is over. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `input_invalid`; `not_found` for what the caller may not read; `busy`;
 * `member_missing` if this home could not hold the asset at the deadline.
 */
export async function recordObjection(
  { asset: text, reason, text: words, caller }: ObjectionRequest,
  { answerDays }: Pick<ObjectionTerms, 'answerDays'>,
  parts: Parts,
): Promise<RecordedObjection> {
  const asset = readableAsset(text, caller, parts);
  refuseWithoutHold(parts);
  const { objections, clock, randomBytes, sha256 } = parts;
  const pending = objections.list().filter(({ answer }) => answer === null);
  const ofAsset = pending.filter((one) => one.asset === asset);
  if (pending.length >= MOST_PENDING || ofAsset.length >= MOST_OF_ASSET) {
    const why = 'as many objections wait for an answer as can be read; object again later';
    throw new ArchiveError('busy', why, { retryable: true });
  }
  const code = oneTimeCode(randomBytes(CODE_BYTES));
  const deadline = timestampOf(() => clock() + answerDays * DAY_MS);
  await objections.add({
    ...{ asset, reason, deadline, text: words },
    id: `obj_${toHex(randomBytes(8))}`,
    receipt: hashOf(code, sha256),
    at: timestampOf(clock),
    ...{ answer: null, stop: null },
  });
  return { receipt: printedCode(code), deadline };
}

/** @throws {ArchiveError} `not_found` for a receipt of nothing that is kept here. */
export function shownObjection(
  receipt: string,
  { objections, sha256 }: Pick<Archive, 'objections' | 'sha256'>,
): ShownObjection {
  const hash = hashOf(typedCode(receipt), sha256);
  const found = objections.list().find((one) => one.receipt === hash);
  if (found === undefined) {
    const text = 'no objection here has this receipt; answered ones are deleted after a while';
    throw new ArchiveError('not_found', text);
  }
  const { asset, at, deadline, answer, stop } = found;
  const state = answer?.outcome ?? (stop === null ? 'pending' : 'held');
  return { asset, at, deadline, answer, state };
}

/** @throws {ArchiveError} `input_invalid`, `not_found`. */
export function readableAsset(
  text: string,
  caller: Caller,
  parts: Pick<Archive, 'ledger' | 'catalog'>,
): Cid {
  const asset = parseCid(text);
  if (parts.catalog.has(asset) && mayRead(caller, asset, parts)) return asset;
  throw new ArchiveError('not_found', `${asset} is not in this archive, or not for you to read`);
}

function refuseWithoutHold({ ledger }: Pick<Archive, 'ledger'>): void {
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  if (roles.some((role) => KINDS.hold.roles.includes(role))) return;
  const text = 'the home of this node may hold nothing; object at a node of a steward';
  throw new ArchiveError('member_missing', text);
}

function hashOf(code: string, sha256: Archive['sha256']): string {
  return toHex(sha256(new TextEncoder().encode(code)));
}
