import { parseSourceType } from '../../core/policy/source-types.ts';
import type { Inspection } from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';

type Carrier = 'xmp' | 'tag' | 'c2pa-unvalidated' | 'exiftool';

/** The digital source types that a file states, by term and by carrier. */
export class StatedTypes {
  readonly #uris = new Set<string>();
  readonly #carriers = new Set<Carrier>();
  readonly #unknown = new Set<string>();
  readonly #raw = new RawTexts();

  get isEmpty(): boolean {
    return this.#carriers.size === 0;
  }

  /** URIs of the terms that are known, sorted. */
  get terms(): readonly string[] {
    return [...this.#uris].sort();
  }

  get carriers(): readonly Carrier[] {
    return [...this.#carriers].sort();
  }

  /** How many terms are not known. */
  get unknown(): number {
    return this.#unknown.size;
  }

  /** The terms that are not known. */
  get raw(): Inspection['raw'] {
    return this.#raw.all;
  }

  addAll(carrier: Carrier, values: Iterable<string>): void {
    for (const value of values) this.#add(carrier, value.trim());
  }

  #add(carrier: Carrier, value: string): void {
    if (value === '') return;
    this.#carriers.add(carrier);
    const type = parseLoosely(value);
    if (type !== undefined) this.#uris.add(type.uri);
    else if (!this.#unknown.has(value)) {
      this.#unknown.add(value);
      this.#raw.add(carrier, value);
    }
  }
}

/**
 * Some programs write the term alone or its English name, addresses with what a browser added to them, or
 * the names that schema.org has for the same terms.
 */
function parseLoosely(value: string): ReturnType<typeof parseSourceType> {
  const text = value
    .replace(/[?#].*$/s, '')
    .replace(/^https?:\/\/schema\.org\/(\w{1,64})DigitalSource$/, '$1')
    .replace(/ /g, '');
  return parseSourceType(/^[A-Za-z]{1,64}$/.test(text) ? `digsrctype:${text}` : text);
}
