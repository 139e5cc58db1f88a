import { z } from 'zod';
import { RELATIONS } from '../../core/statements/asset-kinds.ts';
import { subjectOf } from '../claims/subject.ts';
import { declare } from '../declare.ts';
import { derive } from '../derive.ts';
import { deriveByMachine } from '../matching/derive-by-machine.ts';
import { bareMatch } from './answers/match.ts';
import { entry, statement } from './answers/names.ts';
import { stated } from './answers/recorded.ts';
import { subject } from './make-claims.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

/** Records this home's word on how assets came to be. */
export const declareAssets = createOperation({
  name: 'declare',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    subject,
    sourceType: z.string(),
    generative: z.enum(['none', 'unstated']),
    tools: z.array(z.string()),
    note: z.string().exactOptional(),
  }),
  result: stated,
  run: async (archive, { subject: meant, note, ...words }) =>
    declare({ ...words, note, subject: await subjectOf(meant, archive) }, archive),
});

/** Records that one asset stems from another. */
export const deriveAsset = createOperation({
  name: 'derive',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    child: cidText,
    parent: cidText,
    relation: z.enum(RELATIONS),
  }),
  result: stated,
  run: async (archive, input) => derive(input, archive),
});

/** Records that a program made one asset out of another, such as a caption or a transcript. */
export const deriveMachineAsset = createOperation({
  name: 'derive.machine',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ child: cidText, parent: cidText, tool: z.string() }),
  result: z.strictObject({
    entry,
    derivation: statement.describe('That it stems from the work'),
    registration: statement.describe('That it is generated'),
    matches: z.array(bareMatch).describe('Deposited works that are like it, and held since'),
  }),
  run: async (archive, input) => deriveByMachine(input, archive),
});
