import { z } from 'zod';
import { OPERATIONS } from '../../archive/operations/operations.ts';
import { RIGHT_OF_OPERATION } from '../callers/roles.ts';
import type { Endpoint } from './endpoint.ts';

/** Every operation of the command line, with the input that it takes there. */
export const OPERATION_ENDPOINTS: readonly Endpoint[] = [...OPERATIONS.values()].map(
  ({ name, input, changes, result, item }) => ({
    id: name,
    method: 'post',
    path: `/api/v1/operations/${name}`,
    summary: `${changes ? 'Changes' : 'Reads'}; takes the right "${RIGHT_OF_OPERATION.get(name) ?? 'own'}".`,
    isKeyed: changes,
    body: { type: 'application/json', schema: input },
    answer: {
      description:
        'The result, and the items of a listing. `Accept: application/x-ndjson` gets progress, items and result as they come.',
      type: 'application/json',
      schema: z.strictObject({
        result,
        items: z.array(item ?? z.never()),
        notices: z.array(z.string()),
      }),
    },
  }),
);
