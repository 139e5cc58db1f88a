import { generatorTexts } from '../generators/generator-texts.ts';
import { type LabelledText, labelledTexts } from '../generators/labelled-text.ts';
import { type GeneratorMatch, matchGenerator } from '../generators/match-generator.ts';
import {
  type ByteSource,
  type Inspection,
  type Inspector,
  NOT_APPLICABLE,
  Unreadable,
} from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { type Container, containerOf } from '../readers/container.ts';
import { metadataOf } from '../readers/metadata.ts';
import { readStealthText } from '../readers/stealth-text.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * What programs that generate pictures write into them: settings, prompts and graphs in PNG text,
 * EXIF, XMP, JPEG comments and SVG metadata, or in the lowest bits of a PNG's pixels.
 *
 * A trace is a claim of whoever wrote the file, unsigned, easy to forge and to strip. That there is
 * none says nothing.
 */
export const traces: Inspector = { name: 'traces', version: 1, readsAll: false, inspect };

const APPLICABLE: ReadonlySet<Container> = new Set(['png', 'jpeg', 'webp', 'tiff', 'svg']);

function inspect(source: ByteSource): Inspection {
  const container = containerOf(source);
  if (!APPLICABLE.has(container)) return NOT_APPLICABLE;
  const texts = new GatheredTexts();
  const shortfalls = new Shortfalls();
  shortfalls.attempt(() => {
    for (const block of metadataOf(source, container)) {
      shortfalls.attempt(() => texts.addAll(generatorTexts(block)));
    }
  });
  let match = matchGenerator(texts.all);
  if (match === undefined && container === 'png') {
    shortfalls.attempt(() => {
      match = matchStealth(source);
    });
  }
  if (match !== undefined) return found(match);
  shortfalls.throwIfAny();
  return { outcome: 'none', facts: { generator: null, proves: null, where: [] }, raw: [] };
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

function found({ generator, texts }: GeneratorMatch): Inspection {
  const raw = new RawTexts();
  for (const { where, text, isCut } of texts) raw.add(where, text, isCut);
  const where = [...new Set(texts.map((text) => text.where))].sort();
  return { outcome: 'found', facts: { generator, proves: 'generated', where }, raw: raw.all };
}
