import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { createOperation } from './operation.ts';

/** Has the blocks of a CAR file served to whoever asks, without their being an asset. */
export const importCar = createOperation({
  name: 'car.import',
  opens: 'stores',
  changes: true,
  input: z.strictObject({ path: z.string() }),
  run: ({ served }, { path }, { signal, progress }) =>
    served.add(path, { signal, onProgress: (done) => progress('reading', done) }),
});

/** Gives each served DAG. */
export const listCars = createOperation({
  name: 'car.list',
  opens: 'stores',
  changes: false,
  input: z.strictObject({}),
  run: async ({ served }) => ({ served: served.list() }),
});

/** Ends the serving of what has this id or names this root, and forgets its bytes. */
export const removeCar = createOperation({
  name: 'car.remove',
  opens: 'stores',
  changes: true,
  input: z.strictObject({ name: z.string() }),
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
