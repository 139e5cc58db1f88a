import type { Content } from '../fingerprints/content.ts';
import { PICTURES, pictureContent } from '../fingerprints/picture.ts';
import { soundContent } from '../fingerprints/sound.ts';
import { streamCodes } from '../fingerprints/stream-codes.ts';
import { isText, textContent } from '../fingerprints/text.ts';
import { formatOf } from '../formats/format-of.ts';
import { type ByteSource, type Inspection, type Inspector, Unreadable } from '../inspector.ts';
import { isccCode, isccUnit, type UnitKind } from '../iscc/iscc-code.ts';
import { metaCode } from '../iscc/meta-code.ts';
import { RawTexts } from '../raw-texts.ts';

/**
 * By what an asset is recognised when it comes back changed: its ISCC (ISO 24138) and, of pictures, its
 * PDQ hash.
 *
 * Every file has a Data-Code and an Instance-Code. A picture, text or sound that cannot be compared by
 * content (broken, too large, a program is missing) is `unreadable` and keeps those two.
 */
export const fingerprints: Inspector = {
  name: 'fingerprints',
  version: 4,
  readsAll: true,
  whenUnreadable: { iscc: null, pdq: null },
  inspect,
};

async function inspect(source: ByteSource): Promise<Inspection> {
  const digests: Partial<Record<UnitKind, Uint8Array>> = await streamCodes(source);
  try {
    const content = await contentOf(source);
    if (content === undefined) return inspection(digests, {});
    digests[content.kind] = content.digest;
    const meta = content.title === undefined ? undefined : await metaCode(content.title);
    if (meta !== undefined) digests.meta = meta;
    return inspection(digests, content.facts);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const raw = new RawTexts();
    raw.add('inspector', error.message.slice(0, 500));
    const told = inspection(digests, { reason: error.reason });
    return { ...told, outcome: 'unreadable', raw: raw.all };
  }
}

async function contentOf(source: ByteSource): Promise<Content | undefined> {
  const mediaType = (await formatOf(source))?.mediaType ?? '';
  if (PICTURES.has(mediaType)) return pictureContent(source);
  if (mediaType.startsWith('audio/') && mediaType !== 'audio/midi') return soundContent(source);
  return isText(mediaType) ? textContent(source, mediaType) : undefined;
}

function inspection(
  digests: Readonly<Partial<Record<UnitKind, Uint8Array>>>,
  facts: Inspection['facts'],
): Inspection {
  const kinds = ['meta', 'text', 'image', 'audio', 'data', 'instance'] as const;
  const units = kinds.flatMap((kind) => {
    const digest = digests[kind];
    return digest === undefined ? [] : [[kind, isccUnit(kind, digest)]];
  });
  const codes = { iscc: isccCode(digests), units: Object.fromEntries(units) };
  return { outcome: 'found', facts: { ...codes, pdq: null, ...facts }, raw: [] };
}
