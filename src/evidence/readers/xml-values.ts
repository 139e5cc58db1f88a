import { markupTokens } from './markup-tokens.ts';

/** A value in an XML text and the property it belongs to, without its prefix. */
export interface XmlValue {
  readonly name: string;
  readonly value: string;
}

/** Elements of RDF that only arrange values: a property's value may lie some levels inside it. */
const ARRANGING = new Set(['Alt', 'Bag', 'Seq', 'li', 'Description', 'RDF', 'value']);
const DEEPEST = 100;

/**
 * Yields all values of an XML text, from attributes and from element content, each with the local
 * name of its property. For XMP that covers every way of writing one (attribute, element, array,
 * `rdf:resource`, `rdf:value`). Prefixes are not resolved: a property counts whatever its prefix.
 */
export function* xmlValues(text: string): Generator<XmlValue> {
  const open: string[] = [];
  let depth = 0;
  for (const token of markupTokens(text)) {
    if (token.kind === 'text') {
      const value = token.value.trim();
      if (value !== '') yield { name: propertyOf(open), value };
    } else if (token.kind === 'close') {
      depth = Math.max(0, depth - 1);
      if (open.length > depth) open.length = depth;
    } else {
      const name = localName(token.name);
      if (open.length === depth && depth < DEEPEST) open.push(name);
      for (const attribute of token.attributes) {
        const local = localName(attribute.name);
        const isLink = local === 'resource' || local === 'value';
        yield { name: isLink ? propertyOf(open) : local, value: attribute.value };
      }
      if (token.isEmpty) {
        if (open.length > depth) open.length = depth;
      } else depth += 1;
    }
  }
}

function propertyOf(open: readonly string[]): string {
  return open.findLast((name) => !ARRANGING.has(name)) ?? '';
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
