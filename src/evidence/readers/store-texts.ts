import { Unreadable } from '../inspector.ts';
import { cborTexts, type KeyedText } from './cbor-texts.ts';
import { jumbfBoxes } from './jumbf-boxes.ts';

/**
 * Yields the texts of claims and assertions of all manifests of a C2PA store, from boxes of CBOR and JSON
 * in which one of the marks stands. Nothing is validated.
 *
 * @throws {Unreadable} `malformed`, `limit`.
 */
export function* storeTexts(bytes: Uint8Array, marks: readonly string[]): Generator<KeyedText> {
  for (const { type, data } of jumbfBoxes(bytes)) {
    if (!marks.some((mark) => data.includes(mark))) continue;
    if (type === 'cbor') yield* cborTexts(data);
    else if (type === 'json') yield* jsonTexts(parsed(data), '', '', 0);
  }
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (cause) {
    throw new Unreadable('malformed', 'a JSON assertion that is none', { cause });
  }
}

const DEEPEST = 64;

function* jsonTexts(
  value: unknown,
  key: string,
  parent: string,
  depth: number,
): Generator<KeyedText> {
  if (depth > DEEPEST) throw new Unreadable('limit', 'JSON nested too deeply');
  if (typeof value === 'string') yield { key, parent, text: value };
  else if (Array.isArray(value)) {
    for (const item of value) yield* jsonTexts(item, key, parent, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [inner, item] of Object.entries(value)) {
      yield* jsonTexts(item, inner, key, depth + 1);
    }
  }
}
