/** In how many of 256 bits the codes of two assets differ, by the kind of code. */
export interface Distances {
  readonly pdq?: number;
  readonly image?: number;
  readonly text?: number;
  readonly audio?: number;
}

/** `same`: the same picture, text or sound, saved again. `related`: likely one made from the other. */
export type Likeness = 'same' | 'related';

/**
 * Bits within which two assets are alike. Levels of evidence, never identity.
 */
export interface LikenessLimits {
  readonly picture: {
    readonly same: { readonly pdq: number; readonly image: number };
    readonly related: { readonly pdq: number; readonly image: number };
  };
  readonly text: { readonly same: number; readonly related: number };
  readonly audio: { readonly same: number; readonly related: number };
  /** Where there is less to compare, only the same bytes are a match. */
  readonly least: {
    readonly pdqQuality: number;
    readonly characters: number;
    readonly sounds: number;
  };
}

/** Measured on real pictures, texts and sounds. A home can go by other bits (`likeness` of its settings). */
export const LIKENESS_LIMITS: LikenessLimits = {
  picture: { same: { pdq: 56, image: 48 }, related: { pdq: 64, image: 48 } },
  text: { same: 40, related: 64 },
  audio: { same: 20, related: 32 },
  least: { pdqQuality: 50, characters: 300, sounds: 16 },
};

/** Says how alike two assets are whose codes differ so much; undefined if they are not. */
export function likenessOf(distances: Distances, limits: LikenessLimits): Likeness | undefined {
  const { pdq, image, text, audio } = distances;
  if (pdq !== undefined && image !== undefined) {
    const { same, related } = limits.picture;
    if (pdq <= same.pdq && image <= same.image) return 'same';
    return pdq <= related.pdq || image <= related.image ? 'related' : undefined;
  }
  if (text !== undefined) return graded(text, limits.text);
  return audio === undefined ? undefined : graded(audio, limits.audio);
}

function graded(
  distance: number,
  { same, related }: { readonly same: number; readonly related: number },
): Likeness | undefined {
  if (distance <= same) return 'same';
  return distance <= related ? 'related' : undefined;
}
