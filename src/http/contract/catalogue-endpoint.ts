import { z } from 'zod';
import { MAPPING_NAMES } from '../../core/ports/intake.ts';
import { EVENTS_TYPE } from '../operations/wire.ts';
import type { Endpoint } from './endpoint.ts';

export const catalogueEndpoint = {
  id: 'readCatalogue',
  method: 'post',
  path: '/api/v1/catalogues',
  summary:
    'Says what a catalogue means (CSV, 64 MiB at most), by the rules of `ingest`, before any of its files are sent; takes the right "record". Nothing of it is kept.',
  query: z.strictObject({
    name: z.string().regex(/^[\s\S]{1,255}$/u, 'must be 1 to 255 characters'),
    map: z.enum(MAPPING_NAMES).exactOptional().describe('A mapping that comes with the program'),
  }),
  body: { type: 'application/octet-stream' },
  answer: {
    description:
      'As `catalogue.read` streams it: each row or problem as an item, in the order of the file, and at last columns and warnings as the result, or an error.',
    type: EVENTS_TYPE,
  },
} satisfies Endpoint;
