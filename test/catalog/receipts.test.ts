import { expect, it } from 'vitest';
import { createStatement } from '../../src/core/statements/statement.ts';
import * as say from '../support/asset-statements.ts';
import { catalogFixture } from '../support/catalog-fixture.ts';
import { memberOf } from '../support/memory-ledger.ts';

it('tells who pulled a release, in order of arrival, and which models were registered', async () => {
  await using fixture = catalogFixture();
  const { catalog } = fixture;
  const pipeline = memberOf(2, ['pipeline']);
  const [prints, sounds] = [say.assetOf('prints'), say.assetOf('sounds')];
  const pulled = async (release: typeof prints, revision: number) => {
    const puller = pipeline.did;
    const asked = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
    const body = { release, revision, shards: [], ...asked, puller };
    const statement = createStatement('receipt', null, say.AT, body);
    await fixture.say([{ statement, records: [] }], pipeline);
  };
  // More than are read in one go.
  for (let revision = 0; revision < 300; revision += 1) await pulled(prints, revision);
  await pulled(sounds, 7);
  const body = {
    model: 'prints-1',
    weights: '0'.repeat(64),
    generative: true,
    receipts: [],
    record: null,
  };
  const model = createStatement('model', null, say.AT, body);
  await fixture.say([{ statement: model, records: [] }], pipeline);

  const revisionsOf = (release: typeof prints) =>
    [...catalog.receiptsOf(release)].map(
      ({ statement }) => statement.kind === 'receipt' && statement.body.revision,
    );
  expect(revisionsOf(prints)).toEqual(Array.from({ length: 300 }, (_, revision) => revision));
  expect(revisionsOf(sounds)).toEqual([7]);
  expect([...catalog.said('model')].map(({ statement }) => statement.body)).toEqual([body]);
});
