import { z } from 'zod';
import { CANONICAL_CID } from '../../core/cid.ts';
import type { Endpoint } from './endpoint.ts';

const bits = z.int().min(0).max(256).optional();
const cid = z.string().regex(CANONICAL_CID);

/** No control characters and no paths, in a form that every reader of JSON Schema knows. */
const LETTER = String.raw`[^/\\\x00-\x1f\x7f-\x9f]`;

export const findEndpoint = {
  id: 'findWork',
  method: 'post',
  path: '/api/v1/find',
  summary:
    'Whether a work is here: what of the archive whoever asks may read, and the file is, or is like. Answered without a sign-in where the operator allows it; the file is not kept.',
  query: z.strictObject({
    name: z
      .string()
      .regex(
        new RegExp(`^${LETTER}{1,255}$`, 'u'),
        'must be the name of a file, 255 characters or fewer',
      )
      .exactOptional()
      .describe('Name of the file, by whose ending texts are known'),
  }),
  body: { type: 'application/octet-stream' },
  answer: {
    description:
      'What was found, the same bytes first. `compared` says by what beside its bytes; null where a file has too little to compare.',
    type: 'application/json',
    schema: z.object({
      cid,
      size: z.int().min(0),
      compared: z.enum(['picture', 'text', 'audio']).nullable(),
      found: z
        .array(
          z.object({
            cid,
            likeness: z.enum(['exact', 'same', 'related']),
            distances: z
              .object({ pdq: bits, image: bits, text: bits, audio: bits })
              .describe('In how many of 256 bits the codes differ'),
            title: z.string(),
            mediaType: z.string(),
            size: z.int().min(0),
          }),
        )
        .max(101),
    }),
  },
} satisfies Endpoint;
