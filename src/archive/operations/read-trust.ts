import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { decodeBlock } from '../../core/statements/block.ts';
import { importTrust } from '../governing/import-trust.ts';
import { proposed } from './answers/governance.ts';
import { cid, count, organisation, statement } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Gives the trust lists in force, without what is in them. */
export const listTrust = createOperation({
  name: 'trust.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(
    z.strictObject({
      name: z.string(),
      cid,
      proposal: statement.nullable(),
      approvedBy: z.array(organisation),
    }),
  ),
  run: async ({ ledger }) =>
    ledger.governance().trust.map(({ name, document, proposal, approvedBy }) => ({
      name,
      cid: document,
      proposal,
      approvedBy: [...approvedBy],
    })),
});

/** Gives one trust list in force with everything in it. */
export const showTrust = createOperation({
  name: 'trust.show',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ name: z.string() }),
  result: z.strictObject({
    cid,
    list: z
      .unknown()
      .describe('As the ledger names it: credentials, institutions, or rules of this archive'),
  }),
  async run({ ledger }, { name }) {
    const { trust } = ledger.governance();
    const found = trust.find((list) => list.name === name);
    const bytes = found === undefined ? undefined : ledger.block(found.document);
    if (found === undefined || bytes === undefined) {
      const names = trust.map((list) => list.name).join(', ');
      throw new ArchiveError(
        'not_found',
        `no trust list ${JSON.stringify(name)} is in force; there are ${names}`,
      );
    }
    return { cid: found.document, list: decodeBlock(bytes) };
  },
});

/** Proposes a trust list for credentials out of published files. */
export const importTrustFiles = createOperation({
  name: 'trust.import',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    files: z.array(z.strictObject({ name: z.string(), text: z.string() })).min(1),
    purpose: z.enum(['signers', 'timestampers']),
    reason: z.string(),
    isTrial: z.boolean().exactOptional().describe('Says what would change, and proposes nothing'),
  }),
  result: z.strictObject({
    signers: count,
    timestampers: count,
    products: count,
    changes: z
      .array(
        z.strictObject({
          part: z.enum(['signers', 'timestampers', 'products', 'usages']),
          added: z.array(z.string()),
          removed: z.array(z.string()),
        }),
      )
      .describe('Against the list in force; parts that stay are left out'),
    proposed: proposed.nullable().describe('Null where nothing would change, and for a trial'),
  }),
  async run(archive, input) {
    const imported = await importTrust(input, archive);
    await archive.catalog.catchUp();
    const changes = imported.changes.map(({ part, added, removed }) => ({
      ...{ part, added: [...added], removed: [...removed] },
    }));
    return { ...imported, changes };
  },
});
