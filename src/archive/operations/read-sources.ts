import { z } from 'zod';
import { factsOf } from '../../core/provenance/facts.ts';
import { knownAsset } from '../known-assets.ts';
import { count, moment, statement } from './answers/names.ts';
import { cidText } from './named.ts';
import { createOperation } from './operation.ts';

const source = z
  .strictObject({
    finding: statement,
    at: moment,
    inspector: z.string(),
    where: z.string().describe('Place in the file, by the inspector’s own names'),
    text: z.string(),
    truncated: z.boolean(),
  })
  .meta({ id: 'FindingSource', description: 'Text out of a file that a finding rests on' });

/** Gives the raw text that findings about an asset rest on, as the inspectors read it out of the file. */
export const readSources = createOperation({
  name: 'evidence.source',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.strictObject({
    sources: count,
    missing: count.describe('Findings whose text is not here, or erased'),
  }),
  item: source,
  async run({ catalog, ledger }, { asset }, { signal, item }) {
    const facts = catalog.facts(knownAsset(asset, catalog));
    let sources = 0;
    let missing = 0;
    for (const { id, at, body } of facts === undefined ? [] : factsOf(facts, 'finding')) {
      signal.throwIfAborted();
      if (body.record === null) continue;
      const record = ledger.record(body.record);
      if (record?.type !== 'finding') {
        missing += 1;
        continue;
      }
      for (const one of record.raw) await item({ finding: id, at, ...one });
      sources += record.raw.length;
    }
    return { sources, missing };
  },
});
