import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { MAPPING_NAMES } from '../../core/ports/intake.ts';
import { faultOf } from '../fault-of.ts';
import { quote } from '../quote.ts';
import {
  FIELDS,
  type Field,
  type FieldSource,
  type MappingFile,
  mappingSchema,
} from './mapping-schema.ts';

/** The mapping used when none is asked for. */
const DEFAULT_MAPPING = 'ringfence';
const LONGEST = 1024 * 1024;

/** Where every field comes from, shipped mapping and own one merged. */
export interface Mapping {
  readonly sources: ReadonlyMap<Field, FieldSource>;
  readonly ignored: readonly string[];
}

/**
 * Reads a mapping: a shipped one by name, else the file at that path. Fields it says nothing about
 * come from the mapping it extends, and then from columns that have the fields' own names.
 *
 * @throws {ArchiveError} `catalogue_invalid`; the message names the key at fault.
 */
export async function loadMapping(map: string | undefined): Promise<Mapping> {
  const layers = [await readMapping(shippedPath(DEFAULT_MAPPING), DEFAULT_MAPPING)];
  if (map !== undefined) {
    const isShipped = MAPPING_NAMES.includes(map);
    const own = await readMapping(isShipped ? shippedPath(map) : map, map);
    if (own.extends !== undefined) {
      layers.push(await readMapping(shippedPath(own.extends), own.extends));
    }
    layers.push(own);
  }
  return {
    sources: new Map(layers.flatMap((layer) => fieldsOf(layer))),
    ignored: layers.flatMap((layer) => layer.ignore ?? []),
  };
}

function fieldsOf(layer: MappingFile): [Field, FieldSource][] {
  return FIELDS.flatMap((field) => {
    const from = layer.columns[field];
    return from === undefined ? [] : [[field, from] satisfies [Field, FieldSource]];
  });
}

async function readMapping(path: string | URL, name: string): Promise<MappingFile> {
  const content = await readText(path, name);
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(name, `is not JSON: ${cause instanceof Error ? cause.message : ''}`, cause);
  }
  const read = mappingSchema.safeParse(json);
  if (!read.success) throw invalid(name, `is wrong:\n${z.prettifyError(read.error)}`, read.error);
  return read.data;
}

async function readText(path: string | URL, name: string): Promise<string> {
  try {
    if ((await stat(path)).size <= LONGEST) return await readFile(path, 'utf8');
  } catch (cause) {
    const names = MAPPING_NAMES.join(', ');
    throw invalid(name, `${faultOf(cause)}; the mappings known by name are ${names}`, cause);
  }
  throw invalid(name, 'is longer than 1 MiB, which no mapping is; name a mapping file');
}

function shippedPath(name: string): URL {
  return new URL(`./${name}.json`, import.meta.url);
}

function invalid(name: string, reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError('catalogue_invalid', `the mapping ${quote(name)} ${reason}`, { cause });
}
