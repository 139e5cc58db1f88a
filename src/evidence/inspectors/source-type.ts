import { type ByteSource, type Inspection, type Inspector, NOT_APPLICABLE } from '../inspector.ts';
import { StatedTypes } from '../metadata/stated-types.ts';
import { containerOf } from '../readers/container.ts';
import { mediaTexts } from '../readers/media-texts.ts';
import { isReadWhole, metadataOf } from '../readers/metadata.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { storeTexts } from '../readers/store-texts.ts';
import { decodeXml } from '../readers/text-encoding.ts';
import { localName, xmlValues } from '../readers/xml-values.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * Every IPTC digital source type that a file states about itself: in XMP, in tags of that name, and in
 * the actions and metadata of all manifests of an embedded C2PA store.
 *
 * The C2PA store is read, not validated: no signature, hash or trust list is looked at, hence the
 * carrier `c2pa-unvalidated`. A forged statement can only speak against its own file.
 */
export const sourceType: Inspector = { name: 'source-type', version: 3, readsAll: false, inspect };

/** The property's name without prefix, in XMP and JSON-LD capitalised, in C2PA not; before 2010 it was one of files. */
const PROPERTY = /^digitalsource(?:file)?type$/i;
/** Cheap tests before a text is taken apart. */
const IN_XMP = /digitalsource(?:file)?type/i;
const IN_STORE = 'igitalSourceType';

async function inspect(source: ByteSource): Promise<Inspection> {
  const container = containerOf(source);
  if (container === 'other') return NOT_APPLICABLE;
  const stated = new StatedTypes();
  const shortfalls = new Shortfalls();
  const addFrom = (blocks: Iterable<MetadataBlock>) => {
    for (const block of blocks) {
      shortfalls.attempt(() => {
        if (block.kind === 'text' && isProperty(block.key)) {
          stated.addAll('tag', [block.text().text]);
        } else if (block.kind === 'xmp') stated.addAll('xmp', valuesInXmp(block.bytes()));
        else if (block.kind === 'c2pa')
          stated.addAll('c2pa-unvalidated', valuesInStore(block.bytes()));
      });
    }
  };
  shortfalls.attempt(() => addFrom(metadataOf(source, container)));
  await shortfalls.attemptAsync(async () => addFrom(await mediaTexts(source, container)));
  if (stated.isEmpty) shortfalls.throwIfAny();
  const { terms, unknown, carriers, raw } = stated;
  const facts = {
    digitalSourceTypes: terms,
    carriers,
    unknown,
    complete: isReadWhole(source, container),
  };
  return { outcome: stated.isEmpty ? 'none' : 'found', facts, raw };
}

function* valuesInXmp(bytes: Uint8Array): Generator<string> {
  const text = decodeXml(bytes);
  if (!IN_XMP.test(text)) return;
  for (const { name, value } of xmlValues(text)) if (isProperty(name)) yield value;
}

/** Whichever assertion holds the property, it is the file's statement. */
function* valuesInStore(bytes: Uint8Array): Generator<string> {
  for (const { key, text } of storeTexts(bytes, [IN_STORE])) if (isProperty(key)) yield text;
}

function isProperty(name: string): boolean {
  return PROPERTY.test(localName(name));
}
