import { parseSourceType } from '../../core/policy/source-types.ts';
import type { Json, Manifest } from './cr-json.ts';

const PROPERTY = 'digitalsourcetype';

/** Digital source types that the manifests of a store state. */
export interface StatedSourceTypes {
  /** Canonical URIs, sorted. */
  readonly uris: readonly string[];
  /** How many terms there are that no vocabulary knows. */
  readonly unknown: number;
}

/** Returns every source type in any assertion of these manifests, wherever it stands. */
export function sourceTypesIn(manifests: readonly Manifest[]): StatedSourceTypes {
  const stated = new Set<string>();
  for (const { assertions } of manifests) {
    for (const text of textsNamed(PROPERTY, assertions)) stated.add(text.trim());
  }
  const known = [...stated].flatMap((text) => parseSourceType(text)?.uri ?? []);
  const unknown = [...stated].filter((text) => parseSourceType(text) === undefined).length;
  return { uris: [...new Set(known)].sort(), unknown };
}

function* textsNamed(name: string, root: Json): Generator<string> {
  const waiting: Json[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string') {
        if (key.slice(key.indexOf(':') + 1).toLowerCase() === name) yield item;
      } else waiting.push(item);
    }
  }
}
