import { z } from 'zod';
import { count, moment } from './answers/names.ts';
import { purpose, requester } from './answers/verdict.ts';
import { listFilter } from './filter.ts';
import { createOperation } from './operation.ts';
import { dated, standing } from './question.ts';

const values = z.array(z.strictObject({ value: z.string(), assets: count }));

/** Counts what matches by each thing that a listing can be narrowed by. */
export const countFacets = createOperation({
  name: 'facets',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    filter: listFilter,
    /** By which levels and gates are counted; with `is`, `level` or `gate` only what is answered so. */
    standing,
  }),
  result: z.strictObject({
    purpose,
    policy: z.string(),
    requester,
    at: moment,
    assets: count,
    media: values.describe('Here and below at most 50 values, the most frequent first'),
    licence: values,
    collection: values.describe('By name, or by salted id where the name is not known'),
    maker: values,
    year: values.describe('The first in which it may have been made, the earliest first'),
    level: values,
    gate: values.describe('Of what is not eligible, the gate that fails first'),
  }),
  async run({ catalog, clock }, { filter, standing: meant }, { signal }) {
    const verdict = dated(meant, clock);
    const { is, level, gate, ...asked } = verdict;
    const isNarrowed = [is, level, gate].some((each) => each !== undefined);
    const found = isNarrowed ? { ...filter, verdict } : filter;
    return { ...asked, ...(await catalog.facets(found, asked, { signal })) };
  },
});
