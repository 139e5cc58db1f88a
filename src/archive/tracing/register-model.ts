import { isDeepStrictEqual } from 'node:util';
import { ArchiveError } from '../../core/errors.ts';
import type { Purpose } from '../../core/policy/purposes.ts';
import type { StandingStatement } from '../../core/provenance/facts.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { say } from '../say.ts';

/** What releases a model may be trained on, by whether it generates works. */
const PURPOSES_FOR: Readonly<Record<'generative' | 'other', readonly Purpose[]>> = {
  generative: ['ai_generative_training'],
  other: ['ai_generative_training', 'ai_training'],
};

/**
 * Records that a model was trained on what these receipts are for. Where this home has said the same before,
 * nothing is added, and that statement is told.
 *
 * @throws {ArchiveError} `not_found` for a receipt that is not in the ledger; `model_refused` for a release
 * that was cut for another use; `statement_rejected`.
 */
export async function registerModel(
  model: Omit<BodyOf<'model'>, 'record'>,
  parts: Pick<Archive, 'catalog' | 'ledger' | 'clock'>,
): Promise<{ readonly id: StatementId; readonly isNew: boolean }> {
  const allowed = PURPOSES_FOR[model.generative ? 'generative' : 'other'];
  const receipts = await receiptsNamed(model.receipts, parts);
  for (const { id, body } of receipts) {
    if (allowed.includes(body.purpose)) continue;
    const kind = model.generative ? 'a generative model' : 'a model';
    throw new ArchiveError(
      'model_refused',
      `${kind} cannot be registered with ${id}: ${body.release} was cut for ${body.purpose}, and not for ${allowed.join(' or ')}`,
    );
  }
  const named = { ...model, receipts: [...new Set(model.receipts)].sort(), record: null };
  await parts.catalog.catchUp();
  for (const { id, author, statement } of parts.catalog.said('model')) {
    const isSame = statement.kind === 'model' && isDeepStrictEqual({ ...statement.body }, named);
    if (isSame && author === parts.ledger.self.did) return { id, isNew: false };
  }
  const { id } = await say('model', named, parts);
  await parts.catalog.catchUp();
  return { id, isNew: true };
}

/** A receipt as the ledger has it. */
export interface NamedReceipt extends Pick<StandingStatement, 'id'> {
  readonly at: string;
  readonly body: BodyOf<'receipt'>;
}

/** Returns receipts by their ids. @throws {ArchiveError} `not_found`. */
export async function receiptsNamed(
  ids: readonly StatementId[],
  { catalog }: Pick<Archive, 'catalog'>,
): Promise<readonly NamedReceipt[]> {
  const found = new Map<StatementId, NamedReceipt>();
  const missing = new Set(ids);
  for await (const { id, statement } of receiptsIn(catalog)) {
    if (missing.size === 0) break;
    if (statement.kind !== 'receipt' || !missing.delete(id)) continue;
    found.set(id, { id, at: statement.at, body: statement.body });
  }
  return ids.map((id) => {
    const receipt = found.get(id);
    if (receipt !== undefined) return receipt;
    throw new ArchiveError('not_found', `no receipt ${id} is in this archive`);
  });
}

async function* receiptsIn(catalog: Archive['catalog']): AsyncGenerator<StandingStatement> {
  const takeTurn = takeTurns();
  // Models are registered with what was pulled lately.
  for (const { release } of catalog.releases().toReversed()) {
    for (const receipt of catalog.receiptsOf(release)) {
      await takeTurn();
      yield receipt;
    }
  }
}
