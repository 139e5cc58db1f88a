import { z } from 'zod';
import { LIKENESS_LIMITS, type LikenessLimits } from '../../core/likeness/likeness.ts';

const { picture, text, audio, least } = LIKENESS_LIMITS;

const bits = (byDefault: number, means: string) =>
  z.number().int().min(0).max(128).default(byDefault).describe(`Bits of 256 that differ: ${means}`);

const pictures = (grade: keyof LikenessLimits['picture'], how: string) =>
  z
    .strictObject({
      pdq: bits(picture[grade].pdq, `${how} in PDQ.`),
      image: bits(picture[grade].image, `${how} in the Image-Code.`),
    })
    .prefault({});

const grades = (limits: LikenessLimits['text'], what: string) =>
  z
    .strictObject({
      same: bits(limits.same, `the same ${what}.`),
      related: bits(limits.related, `a related ${what}, which is held.`),
    })
    .prefault({});

/** `likeness` in `ringfence.json`: how near something is to what is registered as generated, to be held. */
export const likenessSettings = z.strictObject({
  picture: z
    .strictObject({
      same: pictures('same', 'the same picture, with those of the other code,'),
      related: pictures('related', 'a related picture, which is held,'),
    })
    .prefault({}),
  text: grades(text, 'text'),
  audio: grades(audio, 'sound'),
});

/** Returns the limits of a home. How much there must be to compare is the same everywhere. */
export function limitsOf(settings: z.output<typeof likenessSettings>): LikenessLimits {
  return { ...settings, least };
}
