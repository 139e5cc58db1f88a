import { z } from 'zod';

/** What a catalogue can say of a file. These are also the column names of a catalogue without mapping. */
export const FIELDS = [
  'path',
  'title',
  'creator',
  'licence',
  'date',
  'source',
  'source_url',
  'digital_source_type',
  'kind',
  'media_type',
  'bytes',
  'sha256',
  'synthetic',
  'note',
  'tags',
  'language',
  'work',
  'part',
  'accession',
  'collection',
] as const;

export type Field = (typeof FIELDS)[number];

/** Without these there is nothing to deposit. */
export const REQUIRED_FIELDS: readonly Field[] = ['path', 'title', 'creator', 'licence'];

/** Fields that can hold several values; only these may be split. */
const SEVERAL: readonly Field[] = ['path', 'creator', 'tags'];

const text = z.string().max(1024);
const name = text.min(1);
const oneOrMore = z
  .union([name, z.array(name).min(1).max(64)], 'must be a text or a list of texts')
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Where the value of one field comes from. A text alone is short for `{"column": TEXT}`. */
const source = z.preprocess(
  (value) => (typeof value === 'string' ? { column: value } : value),
  z
    .strictObject({
      /** The first of these columns that has a value in the row. */
      column: oneOrMore.optional(),
      /** Several columns in one text; those that are empty or missing are left out. */
      join: z.array(name).min(1).max(64).optional(),
      /** What stands between joined columns; a space unless told otherwise. */
      with: text.optional(),
      /** The same value in every row. */
      constant: name.optional(),
      /** What separates several values in one cell. */
      split: oneOrMore.optional(),
      /** Values can be references (`urn:cspace:…:item:name(4711)'Jane Doe'`): the name in quotes is meant. */
      refName: z.boolean().optional(),
      /** Values to be replaced: the whole value, in any letter case. */
      values: z.record(z.string().max(4096), text).optional(),
      /** The value where the cell is empty. */
      default: name.optional(),
      /** Put in front of every value. */
      prefix: name.optional(),
      /** What separates folders in a path, when it is not a slash. */
      separator: name.optional(),
      /** Beginnings of paths to take away, the first that fits. */
      strip: oneOrMore.optional(),
    })
    .refine(
      (value) =>
        [value.column, value.join, value.constant].filter((from) => from !== undefined).length ===
        1,
      'needs exactly one of "column", "join" and "constant"',
    ),
);

/** The content of a mapping file. */
export const mappingSchema = z.strictObject({
  /** Version of this format. */
  map: z.literal(1),
  description: z.string().max(4096).optional(),
  /** A shipped mapping whose fields hold where this one says nothing. */
  extends: z.enum(['tms', 'collectionspace', 'dublin-core']).optional(),
  columns: z.partialRecord(z.enum(FIELDS), source).superRefine((columns, context) => {
    for (const [field, from] of Object.entries(columns)) {
      const misplaced = [
        from.split !== undefined && !SEVERAL.some((several) => several === field) ? 'split' : '',
        from.separator !== undefined && field !== 'path' ? 'separator' : '',
        from.strip !== undefined && field !== 'path' ? 'strip' : '',
      ].filter((key) => key !== '');
      for (const key of misplaced) {
        const message = key === 'split' ? 'is for path, creator and tags only' : 'is for path only';
        context.addIssue({ code: 'custom', path: [field, key], message });
      }
    }
  }),
  /** Columns that are known and not wanted: no warning about them. */
  ignore: z.array(name).max(4096).optional(),
});

export type MappingFile = z.output<typeof mappingSchema>;
export type FieldSource = z.output<typeof source>;
