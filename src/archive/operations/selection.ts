import { z } from 'zod';
import { LEVELS } from '../../core/policy/documents.ts';
import { RECIPES } from '../../core/renditions/recipes.ts';
import { natural } from '../../core/statements/fields.ts';
import { filter } from './filter.ts';

/** What a release is made of, by the operations that cut and plan one. */
export const selection = {
  filter: filter.extend({
    bytes: z.strictObject({ least: natural, most: natural }).exactOptional(),
    level: z.enum(LEVELS).exactOptional(),
    language: z.string().min(1).exactOptional(),
    years: z.strictObject({ from: z.int(), to: z.int() }).exactOptional(),
    tags: z.array(z.string().min(1)).max(64).exactOptional(),
  }),
  seed: z.string(),
  sample: z.int().min(1).exactOptional(),
  validation: z.number().min(0).lt(1).exactOptional(),
  rendition: z.enum(RECIPES.map(({ name }) => name)).exactOptional(),
};
