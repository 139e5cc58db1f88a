import { base32upper } from 'multiformats/bases/base32';
import { fromHex } from '../hash.ts';
import { CODE_BYTES } from './code-table.ts';
import type { LikenessLimits } from './likeness.ts';

/** The codes by which one asset can be compared. */
export type ContentCodes =
  | { readonly kind: 'picture'; readonly pdq: Uint8Array; readonly image: Uint8Array }
  | { readonly kind: 'text' | 'audio'; readonly code: Uint8Array };

const HEADER_BYTES = 2;

/**
 * Returns the codes in the facts of a finding `fingerprints`, which anybody may have written; undefined
 * if it has none that can be compared: flat pictures, short texts, texts that repeat themselves and silence are like
 * many others.
 */
export function contentCodesOf(
  facts: Readonly<Record<string, unknown>>,
  { least }: LikenessLimits,
): ContentCodes | undefined {
  const units = facts['units'];
  const unit = (kind: string) =>
    typeof units === 'object' && units !== null ? unitDigest(Reflect.get(units, kind)) : undefined;
  const atLeast = (fact: string, bound: number) => {
    const value = facts[fact];
    return typeof value === 'number' && value >= bound;
  };
  const { pdq } = facts;
  const image = unit('image');
  const hash = typeof pdq === 'string' ? fromHex(pdq) : undefined;
  if (image !== undefined && hash?.length === CODE_BYTES) {
    const isFlat = !atLeast('pdqQuality', least.pdqQuality);
    return isFlat ? undefined : { kind: 'picture', pdq: hash, image };
  }
  const text = unit('text');
  // Findings of earlier versions do not count passages.
  const isRepeated = facts['passages'] !== undefined && !atLeast('passages', least.characters / 2);
  if (text !== undefined && atLeast('characters', least.characters) && !isRepeated) {
    return { kind: 'text', code: text };
  }
  const audio = unit('audio');
  return audio !== undefined && atLeast('sounds', least.sounds)
    ? { kind: 'audio', code: audio }
    : undefined;
}

function unitDigest(unit: unknown): Uint8Array | undefined {
  if (typeof unit !== 'string' || !/^ISCC:[A-Z2-7]{55}$/.test(unit)) return undefined;
  try {
    return base32upper.baseDecode(unit.slice(5)).subarray(HEADER_BYTES, HEADER_BYTES + CODE_BYTES);
  } catch {
    return undefined;
  }
}
