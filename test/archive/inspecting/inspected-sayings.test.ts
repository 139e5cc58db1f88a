import { expect, it } from 'vitest';
import { inspectedSayings } from '../../../src/archive/inspecting/inspected-sayings.ts';
import { reduceFacts } from '../../../src/core/provenance/reduce.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { AT, assetOf } from '../../support/asset-statements.ts';
import { seededBytes } from '../../support/environs.ts';
import { MemoryLedger, memberOf, sha256 } from '../../support/memory-ledger.ts';

const asset = assetOf('portrait');
const raw = [{ where: 'EXIF Artist', text: 'Xanthippe Quillfeather', truncated: false }];
const seen = [{ inspector: 'metadata', version: 1, outcome: 'found', facts: {}, raw }] as const;

it('writes down no texts out of a file again, once those written before were erased', async () => {
  const ledger = new MemoryLedger();
  const parts = {
    ...{ ledger: ledger as never, catalog: undefined as never },
    ...{ randomBytes: seededBytes('inspected'), sha256 },
  };
  const facts = async () => {
    const standing = [];
    for await (const arrival of ledger.arrivals(0)) standing.push(...arrival.standing);
    return reduceFacts(asset, standing);
  };
  const [first] = inspectedSayings(asset, seen, undefined, AT, parts);
  const record = first?.records?.[0]?.cid;
  if (first === undefined || record === undefined) throw new Error('the texts lie in a record');
  ledger.append({ statements: [first.statement], records: first.records ?? [] });
  const [second] = inspectedSayings(asset, seen, await facts(), AT, parts);
  expect(second?.records).toHaveLength(1);
  const body = { records: [record], reason: 'request', requestedAt: AT };
  const erasure = createStatement('erasure', null, AT, body);
  const stranger = memberOf(2, ['archivist']);
  ledger.append({ statements: [erasure] }, { author: stranger });
  const [third] = inspectedSayings(asset, seen, await facts(), AT, parts);
  expect(third?.records).toHaveLength(1);
  ledger.append({ statements: [erasure] });
  const [fourth] = inspectedSayings(asset, seen, await facts(), AT, parts);
  expect(fourth).toMatchObject({ records: [], statement: { body: { record: null } } });
});
