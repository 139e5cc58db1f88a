import { ArchiveError } from '../errors.ts';

/** One token of JSON that is already known to be valid: a string, or what opens, closes or parts. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Returns the value of a JSON text in which no object names a key twice. Readers disagree about
 * which of two values counts, so what is signed must not leave the choice.
 *
 * @throws {ArchiveError} `input_invalid` if it is no JSON, or names a key twice.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'not JSON', { cause });
  }
  // One set of keys for each object that is open, undefined for each array.
  const open: (Set<unknown> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') addKey(open.at(-1), last);
    last = token;
  }
  return value;
}

function addKey(keys: Set<unknown> | undefined, token: string): void {
  const key: unknown = JSON.parse(token);
  if (keys === undefined) return;
  if (keys.has(key)) throw new ArchiveError('input_invalid', `the key ${token} stands twice`);
  keys.add(key);
}
