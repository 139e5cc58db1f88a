import { basename } from 'node:path';
import { z } from 'zod';
import { findAlike } from '../matching/find-alike.ts';
import { assetStatus } from './answers/asset.ts';
import { distances } from './answers/match.ts';
import { cid, count } from './answers/names.ts';
import { createOperation } from './operation.ts';

/** Gives the assets that a file of this machine is, or is like, with what people call them. */
export const findWork = createOperation({
  name: 'find',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ path: z.string() }),
  result: z.strictObject({
    cid,
    size: count,
    compared: z
      .enum(['picture', 'text', 'audio'])
      .nullable()
      .describe('By what beside its bytes; null where a file has too little to compare'),
    found: z.array(
      z.strictObject({
        cid,
        likeness: z.enum(['exact', 'same', 'related']),
        distances,
        title: z.string(),
        status: assetStatus.nullable(),
      }),
    ),
  }),
  async run(archive, { path }, { signal }) {
    const { catalog, passingFiles } = archive;
    await using file = await passingFiles.open(path, signal);
    const looked = { ...file, filename: basename(path) };
    const { found, ...asked } = await findAlike(looked, () => true, archive, signal);
    const named = found.map((one) => {
      const known = catalog.asset(one.cid);
      return { ...one, title: known?.title ?? '', status: known?.status ?? null };
    });
    return { ...asked, found: named };
  },
});
