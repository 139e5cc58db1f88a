import { type RandomAccess, Unreadable } from '../inspector.ts';
import { hasAscii, toBuffer } from './bytes.ts';
import { type MetadataBlock, TEXT_BYTES } from './metadata-block.ts';

/** Meshes lie outside the JSON; of a scene of ten thousand parts it takes some MiB. */
const LARGEST = 16 * 1024 * 1024;
const MOST_TEXTS = 2_000;

export function isGlb(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, 'glTF') && hasAscii(bytes, 16, 'JSON');
}

/**
 * Yields what a binary glTF (glTF 2.0, 4.4) says of itself: members of its `asset`, of the `extras` there,
 * where ComfyUI puts its graphs, and of XMP packets as JSON (`KHR_xmp_json_ld`).
 *
 * @throws {Unreadable} `malformed` if the JSON is cut or is none, `limit` above 16 MiB or 2,000 texts.
 */
export function* gltfMetadata(source: RandomAccess): Generator<MetadataBlock> {
  const { asset, extensions } = readDocument(source);
  const { extras } = membersOf(asset);
  const { packets } = membersOf(membersOf(extensions)['KHR_xmp_json_ld']);
  let count = 0;
  for (const holder of [asset, extras, ...(Array.isArray(packets) ? packets : [])]) {
    const members = membersOf(holder);
    for (const name in members) {
      count += 1;
      if (count > MOST_TEXTS) throw new Unreadable('limit', 'a model that says too much of itself');
      const value = members[name];
      const text = value === extras ? undefined : textOf(value);
      if (text === undefined) continue;
      const cut = { text: text.slice(0, TEXT_BYTES), isCut: text.length > TEXT_BYTES };
      const key = holder === asset && name === 'generator' ? 'Software' : name;
      yield { kind: 'text', place: 'gltf', key, text: () => cut };
    }
  }
}

function readDocument(source: RandomAccess): Members {
  const header = toBuffer(source.read(0, 20));
  const length = header.readUInt32LE(12);
  if (length > LARGEST) throw new Unreadable('limit', 'a model whose JSON is above 16 MiB');
  const json = toBuffer(source.read(20, length)).toString();
  return membersOf(readable(() => JSON.parse(json)));
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of JSON-LD a link or a value is what it says; everything else that is no text is given as JSON. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { '@id': link, '@value': inner } = membersOf(value);
  if (typeof link === 'string') return link;
  return typeof inner === 'string' ? inner : readable(() => JSON.stringify(value));
}

/** JSON that is none cannot be parsed, and one that is too deep cannot be written again. */
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Unreadable('malformed', 'a model whose JSON is none, or too deep', { cause });
  }
}
