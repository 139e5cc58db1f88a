import { z } from 'zod';
import { REASON_CODES } from '../../../core/policy/codes.ts';
import { LEVELS } from '../../../core/policy/documents.ts';
import { GATES, RULE_NAMES } from '../../../core/policy/gates.ts';
import { PURPOSES } from '../../../core/policy/purposes.ts';
import { requester as asRequester } from '../../../core/statements/fields.ts';
import { match } from './match.ts';
import { cid, count, moment, statement } from './names.ts';

export const purpose = z.enum(PURPOSES).meta({ id: 'Purpose' });

export const requester = asRequester.meta({ id: 'Requester' });

export const level = z.enum(LEVELS).meta({
  id: 'Level',
  description: 'How well human making is shown: from H0, unknown, to H5',
});

export const answer = z.enum(['eligible', 'hold', 'ineligible']).meta({
  id: 'Answer',
  description: '`hold`: somebody has to look first',
});

/** Of how many assets which answer holds. */
export const answerCounts = z
  .strictObject({ eligible: count, hold: count, ineligible: count })
  .meta({ id: 'AnswerCounts', description: 'Of how many assets which answer holds' });

const reasonCode = z
  .union([
    z.enum(REASON_CODES).exclude(['E_RESERVED']),
    z.templateLiteral(['E_RESERVED(', z.string(), ')']),
  ])
  .meta({
    id: 'ReasonCode',
    description: 'Does not change. `E_` makes an asset ineligible, `H_` holds it',
  });

const rule = z
  .strictObject({
    rule: z.enum(RULE_NAMES),
    pass: z.boolean(),
    code: reasonCode.nullable().describe('Why it fails'),
    text: z.string(),
    entries: z.array(statement).describe('The statements that the rule looked at'),
  })
  .meta({ id: 'Rule' });

/** What `explain --json` prints. */
export const verdict = z
  .strictObject({
    cid,
    purpose,
    policy: z.string(),
    for: requester,
    at: moment,
    verdict: answer,
    level,
    validUntil: moment.nullable().describe('When time alone may change it; null for never'),
    gates: z.array(
      z.strictObject({
        gate: z.enum(GATES.map(({ gate }) => gate)),
        pass: z.boolean(),
        rules: z.array(rule),
      }),
    ),
    matches: z
      .array(match)
      .exactOptional()
      .describe('The registered works that stop it for being like them, where that is why'),
  })
  .meta({ id: 'Verdict' });
