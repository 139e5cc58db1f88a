import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { removedWith } from '../removing/removed-with.ts';
import { count } from './answers/names.ts';
import { createOperation } from './operation.ts';

const servedDag = z
  .strictObject({
    id: z
      .string()
      .describe('16 hexadecimal digits, the same for the same blocks in the same order'),
    roots: z.array(z.string()).describe('What the CAR file names as its roots'),
    blocks: count,
    bytes: count.describe('What they take on disk'),
  })
  .meta({ id: 'ServedDag' });

/** Has the blocks of a CAR file served to whoever asks, without their being an asset. */
export const importCar = createOperation({
  name: 'car.import',
  opens: 'archive',
  changes: true,
  input: z.strictObject({ path: z.string() }),
  result: servedDag,
  run: (archive, { path }, { signal, progress }) =>
    archive.served.add(path, {
      signal,
      onProgress: (done) => progress('reading', done),
      check(cid) {
        const asset = removedWith(cid, archive);
        if (asset === undefined) return;
        const text = `${path} has the block ${cid} of ${asset}, which was removed from this archive; see "remove list"`;
        throw new ArchiveError('content_removed', text);
      },
    }),
});

/** Gives each served DAG. */
export const listCars = createOperation({
  name: 'car.list',
  opens: 'stores',
  changes: false,
  input: z.strictObject({}),
  result: z.strictObject({ served: z.array(servedDag) }),
  run: async ({ served }) => ({ served: served.list() }),
});

/** Ends the serving of what has this id or names this root, and forgets its bytes. */
export const removeCar = createOperation({
  name: 'car.remove',
  opens: 'stores',
  changes: true,
  input: z.strictObject({ name: z.string() }),
  result: z.strictObject({ removed: z.array(servedDag) }),
  async run({ served }, { name }) {
    const found = served.list().filter(({ id, roots }) => id === name || roots.includes(name));
    if (found.length === 0) {
      throw new ArchiveError(
        'not_found',
        `nothing that is served has the id or root ${name}; "car list" tells what is`,
      );
    }
    for (const { id } of found) await served.remove(id);
    return { removed: found };
  },
});
