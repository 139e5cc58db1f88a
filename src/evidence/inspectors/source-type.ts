import { parseSourceType } from '../../core/policy/source-types.ts';
import {
  type ByteSource,
  type Inspection,
  type Inspector,
  NOT_APPLICABLE,
  Unreadable,
} from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { cborTexts } from '../readers/cbor-texts.ts';
import { containerOf } from '../readers/container.ts';
import { isSearchedWhole } from '../readers/embedded-metadata.ts';
import { jumbfBoxes } from '../readers/jumbf-boxes.ts';
import { metadataOf } from '../readers/metadata.ts';
import { decodeXml } from '../readers/text-encoding.ts';
import { localName, xmlValues } from '../readers/xml-values.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * Every IPTC digital source type that a file states about itself: in XMP, and in the actions and
 * metadata of all manifests of an embedded C2PA store.
 *
 * The C2PA store is read, not validated: no signature, hash or trust list is looked at, hence the
 * carrier `c2pa-unvalidated`. A forged statement can only speak against its own file.
 */
export const sourceType: Inspector = { name: 'source-type', version: 1, readsAll: false, inspect };

type Carrier = 'xmp' | 'c2pa-unvalidated';

/** The property's name without prefix, in XMP and JSON-LD capitalised, in C2PA not. */
const PROPERTY = 'digitalsourcetype';
/** Cheap test before a text is taken apart; neither name is ever spelt with other capitals. */
const MARK = 'igitalSourceType';

function inspect(source: ByteSource): Inspection {
  const container = containerOf(source);
  if (container === 'other') return NOT_APPLICABLE;
  const stated = new StatedTypes();
  const shortfalls = new Shortfalls();
  shortfalls.attempt(() => {
    for (const block of metadataOf(source, container)) {
      shortfalls.attempt(() => {
        if (block.kind === 'xmp') stated.addAll('xmp', valuesInXmp(block.bytes()));
        else if (block.kind === 'c2pa')
          stated.addAll('c2pa-unvalidated', valuesInStore(block.bytes()));
      });
    }
  });
  if (stated.isEmpty) shortfalls.throwIfAny();
  return stated.toInspection(container !== 'embedded' || isSearchedWhole(source.size));
}

function* valuesInXmp(bytes: Uint8Array): Generator<string> {
  const text = decodeXml(bytes);
  if (!text.includes(MARK)) return;
  for (const { name, value } of xmlValues(text)) if (isProperty(name)) yield value;
}

/** Assertions are CBOR or JSON; whichever assertion holds the property, it is the file's statement. */
function* valuesInStore(bytes: Uint8Array): Generator<string> {
  for (const { type, data } of jumbfBoxes(bytes)) {
    if (!data.includes(MARK)) continue;
    if (type === 'cbor') {
      for (const { key, text } of cborTexts(data)) if (isProperty(key)) yield text;
    } else if (type === 'json') yield* valuesInJson(data.toString('utf8'));
  }
}

function valuesInJson(text: string): string[] {
  const values: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (isProperty(key) && typeof value === 'string') values.push(value);
      return value;
    });
  } catch (cause) {
    throw new Unreadable('malformed', 'a JSON assertion that is none', { cause });
  }
  return values;
}

function isProperty(name: string): boolean {
  return localName(name).toLowerCase() === PROPERTY;
}

/** What was stated, by term and by carrier. */
class StatedTypes {
  readonly #uris = new Set<string>();
  readonly #carriers = new Set<Carrier>();
  readonly #unknown = new Set<string>();
  readonly #raw = new RawTexts();

  get isEmpty(): boolean {
    return this.#carriers.size === 0;
  }

  addAll(carrier: Carrier, values: Iterable<string>): void {
    for (const value of values) this.#add(carrier, value.trim());
  }

  #add(carrier: Carrier, value: string): void {
    if (value === '') return;
    this.#carriers.add(carrier);
    const type = parseSourceType(value) ?? parseBareTerm(value);
    if (type !== undefined) this.#uris.add(type.uri);
    else if (!this.#unknown.has(value)) {
      this.#unknown.add(value);
      this.#raw.add(carrier, value);
    }
  }

  toInspection(complete: boolean): Inspection {
    return {
      outcome: this.isEmpty ? 'none' : 'found',
      facts: {
        digitalSourceTypes: [...this.#uris].sort(),
        carriers: [...this.#carriers].sort(),
        unknown: this.#unknown.size,
        complete,
      },
      raw: this.#raw.all,
    };
  }
}

/** Some programs write the term alone. */
function parseBareTerm(value: string): ReturnType<typeof parseSourceType> {
  return /^[A-Za-z]{1,64}$/.test(value) ? parseSourceType(`digsrctype:${value}`) : undefined;
}
