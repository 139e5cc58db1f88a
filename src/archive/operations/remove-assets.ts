import { z } from 'zod';
import { code } from '../../core/statements/fields.ts';
import { subjectOf } from '../claims/subject.ts';
import { carryOutRemovals } from '../removing/carry-out-removals.ts';
import { listRemovals } from '../removing/list-removals.ts';
import { confirmRemoval, remove } from '../removing/remove.ts';
import { count, statement } from './answers/names.ts';
import { stated } from './answers/recorded.ts';
import { listedRemoval } from './answers/removals.ts';
import { subject } from './make-claims.ts';
import { createOperation } from './operation.ts';

/** Asks for the removal of assets; nobody is given their bytes from then on. */
export const removeAssets = createOperation({
  name: 'remove',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ subject, reason: code, note: z.string().exactOptional() }),
  result: stated,
  run: async (archive, { subject: named, reason, note }) =>
    remove({ subject: await subjectOf(named, archive), reason, note }, archive),
});

/** Confirms a removal, so that its bytes are destroyed everywhere. */
export const confirmOneRemoval = createOperation({
  name: 'remove.confirm',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ id: z.string(), note: z.string().exactOptional() }),
  result: stated,
  run: async (archive, input) => confirmRemoval(input, archive),
});

/** Destroys here what is confirmed to be removed. A running node does so by itself. */
export const carryOutAllRemovals = createOperation({
  name: 'remove.carry-out',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ isNewOnly: z.boolean() }),
  result: z.strictObject({
    assets: count.describe('Assets whose bytes were here and are destroyed'),
    blocks: count,
    acknowledged: z.array(statement).describe('Removals that this home has said it carried out'),
  }),
  run: async (archive, input, { signal }) => carryOutRemovals(input, archive, signal),
});

/** Lists the removals that were asked for, and who has carried them out. */
export const listAllRemovals = createOperation({
  name: 'remove.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(listedRemoval),
  run: async (archive) => listRemovals(archive),
});
