import { z } from 'zod';
import { cid, statement } from './names.ts';

const bits = z.int().min(0).max(256).exactOptional();

export const distances = z.strictObject({ pdq: bits, image: bits, text: bits, audio: bits }).meta({
  id: 'Distances',
  description: 'In how many of 256 bits the codes differ, by their kind',
});

const shape = {
  deposited: cid,
  registered: cid,
  likeness: z
    .enum(['same', 'related'])
    .describe('`same`: saved again; `related`: likely one made from the other'),
  distances,
};

/** A deposited asset that is like one that is registered as generated. */
export const bareMatch = z.strictObject(shape);

/** A match with what people call both sides. */
export const match = z
  .strictObject({
    ...shape,
    hold: statement
      .optional()
      .describe('What holds the deposited asset for it, where something does'),
    title: z.string().describe('Of the deposited asset'),
    generators: z.array(z.string()).describe('Under which the other is registered'),
  })
  .meta({
    id: 'Match',
    description: 'A deposited asset that is like one that is registered as generated',
  });
