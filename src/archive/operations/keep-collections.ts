import { z } from 'zod';
import { organisationId } from '../../core/statements/fields.ts';
import { subjectOf } from '../claims/subject.ts';
import { refuseUnknown, setCollection } from '../governing/set-collection.ts';
import { addToCollection } from '../taking/add-to-collection.ts';
import { collectionOf } from '../taking/deposit-of.ts';
import { cid, count, entry, errorCode, organisation } from './answers/names.ts';
import { subject } from './make-claims.ts';
import { collectionText } from './named.ts';
import { createOperation, type Described } from './operation.ts';

const visibility = z.enum(['organisation', 'members', 'public']);
const salted = z.string().describe('Salted id');

/** Tells the collections that this home deposits into by their names, and who may read each. */
export const listCollections = createOperation({
  name: 'collection.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(
    z
      .strictObject({
        collection: salted,
        name: z.string(),
        assets: count,
        visibility,
        readers: z.array(organisation).describe('Organisations that may read it as well'),
      })
      .meta({ id: 'Collection' }),
  ),
  async run(archive) {
    const { ledger, catalog } = archive;
    return catalog
      .collections()
      .filter(({ id, name }) => name !== '' && collectionOf(name, archive).id === id)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ id, name, assets }) => {
        const access = catalog.collectionAccess(id, ledger.self.organisation);
        const readers = [...access.readers];
        return { collection: id, name, assets, visibility: access.visibility, readers };
      });
  },
});

export const setReaders = createOperation({
  name: 'collection.set',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    name: collectionText,
    visibility,
    readers: z.array(organisationId).max(256),
    isNew: z.boolean().exactOptional().describe('Says it of a collection that no work is in yet'),
  }),
  result: z.strictObject({ entry, collection: salted }),
  async run(archive, { isNew, ...input }) {
    if (isNew !== true) {
      await archive.catalog.catchUp();
      refuseUnknown(input.name, archive);
    }
    const set = await setCollection(input, archive);
    await archive.catalog.catchUp();
    return set;
  },
});

const addedEvent = z
  .union([
    z.strictObject({ event: z.enum(['added', 'unchanged']), cid }),
    z.strictObject({ event: z.literal('failed'), subject: cid, code: errorCode, text: z.string() }),
  ])
  .meta({ id: 'AddedToCollection', description: '`unchanged`: it lies there already' });

export type AddedEvent = Described<typeof addedEvent>;

/** Puts works into a further collection. What fails for one does not end the run. */
export const addWorks = createOperation({
  name: 'collection.add',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ name: collectionText, which: subject }),
  result: z.strictObject({
    collection: salted,
    added: count,
    unchanged: count,
    failed: count,
  }),
  item: addedEvent,
  async run(archive, { name, which }, { signal, item }) {
    const { members: assets } = await subjectOf(which, archive);
    const counts = { added: 0, unchanged: 0, failed: 0 };
    for await (const one of addToCollection({ name, assets }, archive, signal)) {
      counts[one.outcome] += 1;
      const { asset } = one;
      await item(
        one.outcome === 'failed'
          ? { event: one.outcome, subject: asset, code: one.code, text: one.text }
          : { event: one.outcome, cid: asset },
      );
    }
    return { collection: collectionOf(name, archive).id, ...counts };
  },
});
