import { z } from 'zod';
import { trainingSummary } from '../../../core/dataset/training-summary.ts';

export const aiActReport = z.strictObject({
  summary: trainingSummary.meta({
    id: 'TrainingSummary',
    description: 'A draft of the public summary of training content',
  }),
  markdown: z.string().describe('The same for people'),
});

/** Not described to the last attribute: PROV-JSON is. */
export const provenanceReport = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .meta({ id: 'ProvJson', description: 'A document of W3C PROV-JSON' });
