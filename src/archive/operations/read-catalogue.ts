import { z } from 'zod';
import { fromBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { MAPPING_NAMES } from '../../core/ports/intake.ts';
import { MOST_CATALOGUE_BYTES, readCatalogue } from '../taking/read-catalogue.ts';
import { count } from './answers/names.ts';
import { createOperation, type Described } from './operation.ts';

const catalogueRow = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('row'),
      line: count,
      path: z.string(),
      words: z
        .record(z.string(), z.string())
        .describe('What it says of the file, by the names that an upload of it takes; bytes too'),
    }),
    z.strictObject({
      kind: z.literal('problem'),
      code: z.enum(['row_invalid', 'row_duplicate', 'row_without_file', 'licence_unknown']),
      line: count,
      column: z.string().nullable(),
      path: z.string().nullable(),
      text: z.string(),
    }),
  ])
  .meta({ id: 'CatalogueRow', description: 'What a catalogue says of one file, or what is wrong' });

export type ReadRow = Described<typeof catalogueRow>;

/** What a catalogue is, before its rows. */
const head = z.strictObject({
  records: count,
  columns: z.array(
    z.strictObject({
      name: z.string(),
      fields: z.array(z.string()).describe('What it is read as; none where it is not used'),
    }),
  ),
  warnings: z.array(z.string()),
});

const said = {
  name: z.string().min(1),
  /** A mapping that comes with the program. */
  map: z.enum(MAPPING_NAMES).exactOptional(),
};

/** Says what a catalogue means, by the rules of `ingest`, before any of its files are sent. */
export const readSentCatalogue = createOperation({
  name: 'catalogue.read',
  opens: 'archive',
  changes: false,
  input: z.strictObject({
    ...said,
    /** The file in Base64, whatever its encoding. */
    bytes: z.string(),
  }),
  result: head,
  item: catalogueRow,
  async run(archive, { bytes, ...sent }, { signal, item }) {
    const content = fromBase64(bytes);
    if (content === undefined) {
      throw new ArchiveError('input_invalid', `${JSON.stringify(sent.name)} is not sent in Base64`);
    }
    await using file = await archive.passingFiles.take(onlyOf(content), MOST_CATALOGUE_BYTES);
    const [{ path = '' } = {}] = file.segments;
    return await readCatalogue({ ...sent, path }, item, archive, signal);
  },
});

async function* onlyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same of one that has come as a file. It is in no table: the path is the node's own. */
export const readCatalogueFile = createOperation({
  name: 'catalogue.file',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ ...said, path: z.string() }),
  result: head,
  item: catalogueRow,
  run: (archive, sent, { signal, item }) => readCatalogue(sent, item, archive, signal),
});
