import { parseSourceType } from '../../core/policy/source-types.ts';
import type { KeyedText } from '../readers/cbor-texts.ts';
import { storeTexts } from '../readers/store-texts.ts';
import type { LabelledText } from './labelled-text.ts';
import { generatorNamed } from './tool-names.ts';

const SOURCE_TYPE = 'digitalSourceType';
const TOOLS = ['claim_generator', 'softwareAgent'];
/** `claim_generator_info` and, since version 2 of actions, `softwareAgent` are maps with a name. */
const NAMED = new Set(['claim_generator_info', 'softwareAgent']);

/**
 * Yields the names of generators in a C2PA store that states a generated source type somewhere. Neither is
 * worth anything without the other: a tool that generates also edits, and a source type names no tool.
 * Nothing is validated.
 */
export function* credentialTexts(bytes: Uint8Array): Generator<LabelledText> {
  const texts = [...storeTexts(bytes, [SOURCE_TYPE, ...TOOLS])];
  const origins = texts
    .filter(({ key }) => key === SOURCE_TYPE)
    .map(({ text }) => parseSourceType(text)?.class);
  const isMixed = origins.includes('MIXED');
  if (!isMixed && !origins.includes('SYNTHETIC')) return;
  const seen = new Set<string>();
  for (const found of texts) {
    const name = toolIn(found);
    if (name === undefined || seen.has(found.text) || generatorNamed(found.text) === undefined) {
      continue;
    }
    seen.add(found.text);
    const label = { where: `c2pa-unvalidated:${name}`, key: name, isPart: isMixed };
    yield { ...label, text: found.text, isCut: false, json: undefined };
  }
}

function toolIn({ key, parent }: KeyedText): string | undefined {
  if (TOOLS.includes(key)) return key;
  return key === 'name' && NAMED.has(parent) ? parent : undefined;
}
