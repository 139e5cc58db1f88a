import { base32upper } from 'multiformats/bases/base32';

/** Kinds of unit (ISO 24138): the main type, and for contents which sort. */
const HEADS = {
  meta: [0, 0],
  text: [2, 0],
  image: [2, 1],
  audio: [2, 2],
  data: [3, 0],
  instance: [4, 0],
} as const;

export type UnitKind = keyof typeof HEADS;
export type ContentKind = 'text' | 'image' | 'audio';

const COMPOSITE = 5;
/** Subtype of a composite without a content. */
const SUM = 5;
const VERSION = 0;

/** Returns a unit as text, `ISCC:…`, of the first `bits` (a multiple of 32, up to 256) of the digest. */
export function isccUnit(kind: UnitKind, digest: Uint8Array, bits = 256): string {
  const [main, sub] = HEADS[kind];
  return encode([main, sub, VERSION, bits / 32 - 1], [digest.subarray(0, bits / 8)]);
}

/** Returns the composite of an asset's units, 64 bits of each; data and instance are always there. */
export function isccCode(digests: Readonly<Partial<Record<UnitKind, Uint8Array>>>): string {
  const content = (['text', 'image', 'audio'] as const).find((kind) => digests[kind] !== undefined);
  const kinds: readonly UnitKind[] = [
    'meta',
    ...(content === undefined ? [] : [content]),
    'data',
    'instance',
  ];
  const parts = kinds.flatMap((kind) => digests[kind]?.subarray(0, 8) ?? []);
  const sub = content === undefined ? SUM : HEADS[content][1];
  const units = (digests.meta === undefined ? 0 : 4) + (content === undefined ? 0 : 1);
  return encode([COMPOSITE, sub, VERSION, units], parts);
}

/** All header values are below eight, so each takes four bits. */
function encode(
  [main, sub, version, length]: readonly [number, number, number, number],
  parts: readonly Uint8Array[],
): string {
  const bytes = Buffer.concat([Buffer.of((main << 4) | sub, (version << 4) | length), ...parts]);
  return `ISCC:${base32upper.baseEncode(bytes)}`;
}
