import { z } from 'zod';
import { summaryMarkdown } from '../../core/dataset/summary-markdown.ts';
import { provenanceOf } from '../reporting/provenance-of.ts';
import { recordedReleases } from '../reporting/recorded-releases.ts';
import { trainingSummaryOf } from '../reporting/training-summary.ts';
import { aiActReport, provenanceReport } from './answers/reports.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

const named = z.union([
  z.strictObject({ release: z.string() }),
  z.strictObject({ name: z.string(), version: z.string() }),
]);

/** Drafts the public summary of training content of a model that was trained on recorded releases. */
export const reportForAiAct = createOperation({
  name: 'report.ai-act',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ releases: z.array(named).min(1).max(100) }),
  result: aiActReport,
  async run(archive, input, { signal, progress }) {
    const releases = await recordedReleases(input.releases, archive);
    let files = 0;
    const summary = await trainingSummaryOf(releases, archive, () => {
      signal.throwIfAborted();
      files += 1;
      if (files % 1_000 === 0) progress('count', { files });
    });
    return { summary, markdown: summaryMarkdown(summary) };
  },
});

/** Tells the provenance of one asset as PROV-JSON. */
export const reportProvenance = createOperation({
  name: 'report.provenance',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText, names: z.boolean() }),
  result: provenanceReport,
  run: async (archive, { asset, names }) => provenanceOf(asset, names, archive),
});
