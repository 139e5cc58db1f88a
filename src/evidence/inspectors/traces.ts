import { generatorTexts } from '../generators/generator-texts.ts';
import { type LabelledText, labelledTexts } from '../generators/labelled-text.ts';
import {
  type GeneratorMatch,
  matchGenerator,
  unsureLabels,
} from '../generators/match-generator.ts';
import {
  type ByteSource,
  type Inspection,
  type Inspector,
  NOT_APPLICABLE,
  Unreadable,
} from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { containerOf } from '../readers/container.ts';
import { mediaTexts } from '../readers/media-texts.ts';
import { metadataOf } from '../readers/metadata.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { rootElement } from '../readers/root-element.ts';
import { readStealthText } from '../readers/stealth-text.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * What programs that generate pictures, sound and film write into them: settings, prompts and graphs in
 * text chunks, EXIF, XMP, IPTC, comments and tags, or in the lowest bits of a PNG's pixels; and the names
 * with which they sign C2PA manifests, read without validation.
 *
 * A trace is a claim of whoever wrote the file, easy to forge and to strip. That there is none says nothing.
 */
export const traces: Inspector = {
  name: 'traces',
  version: 5,
  readsAll: false,
  whenUnreadable: { generator: null },
  inspect,
};

async function inspect(source: ByteSource): Promise<Inspection> {
  const container = containerOf(source);
  // A document about generators quotes what they write; only XMP beside a work speaks of the work.
  if (container === 'other' || (container === 'xml' && !isSidecar(source))) {
    return { ...NOT_APPLICABLE, facts: { generator: null } };
  }
  const texts = new GatheredTexts();
  const shortfalls = new Shortfalls();
  const addFrom = (blocks: Iterable<MetadataBlock>) => {
    for (const block of blocks) shortfalls.attempt(() => texts.addAll(generatorTexts(block)));
  };
  shortfalls.attempt(() => addFrom(metadataOf(source, container)));
  await shortfalls.attemptAsync(async () => addFrom(await mediaTexts(source, container)));
  let match = matchGenerator(texts.all);
  if (match === undefined && container === 'png') {
    shortfalls.attempt(() => {
      match = matchStealth(source);
    });
  }
  if (match !== undefined) return found(match);
  const unsure = unsureLabels(texts.all);
  // That it may have been generated names nobody and leaves the origin open.
  if (unsure.length > 0) return found({ generator: null, texts: unsure });
  shortfalls.throwIfAny();
  const facts = { generator: null, proves: null, where: [] };
  return { outcome: 'none', facts, raw: [] };
}

function isSidecar(source: ByteSource): boolean {
  const root = rootElement(source)?.name;
  return root === 'xmpmeta' || root === 'RDF';
}

const MOST_TEXTS = 50_000;
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** The texts of one file, as many as fit into memory at once. */
class GatheredTexts {
  readonly all: LabelledText[] = [];
  #characters = 0;

  addAll(texts: Iterable<LabelledText>): void {
    for (const text of texts) {
      this.#characters += text.text.length;
      if (this.all.length === MOST_TEXTS || this.#characters > MOST_CHARACTERS) {
        throw new Unreadable('limit', 'too much text in one file');
      }
      this.all.push(text);
    }
  }
}

function matchStealth(source: ByteSource): GeneratorMatch | undefined {
  const text = readStealthText(source);
  return text === undefined
    ? undefined
    : matchGenerator(labelledTexts('png', 'stealth', text, false));
}

/** `generated` unless all that was found speaks of a part only. */
function found({
  generator,
  texts,
}: Omit<GeneratorMatch, 'generator'> & { readonly generator: string | null }): Inspection {
  const raw = new RawTexts();
  for (const { where, text, isCut } of texts) raw.add(where, text, isCut);
  const where = [...new Set(texts.map((text) => text.where))].sort();
  const isWhole = generator !== null && !texts.every(({ isPart }) => isPart);
  const proves = isWhole ? 'generated' : null;
  return { outcome: 'found', facts: { generator, proves, where }, raw: raw.all };
}
