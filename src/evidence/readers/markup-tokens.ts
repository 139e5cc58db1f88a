/** A start tag, an end tag or a run of text of an XML or HTML document. */
export type MarkupToken =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: readonly MarkupAttribute[];
      readonly isEmpty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string };

export interface MarkupAttribute {
  readonly name: string;
  readonly value: string;
}

const NAME_END = /[\s=/>]/g;
const MOST_ATTRIBUTES = 1_000;

/**
 * Yields tags and text in one pass over the string, in time that grows with its length alone.
 *
 * It does less than an XML parser on purpose, so that a document cannot attack it: entities of the
 * document's own are never expanded (only `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and numbers
 * are), nothing is fetched, nothing has to be well-formed. Comments, instructions and the document
 * type are skipped. An unfinished tag, comment or section ends the document.
 */
export function* markupTokens(text: string): Generator<MarkupToken> {
  let at = 0;
  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const end = tag < 0 ? text.length : tag;
    if (end > at) yield { kind: 'text', value: decodeEntities(text.slice(at, end)) };
    if (tag < 0) return;
    if (text.startsWith('<![CDATA[', tag)) {
      const close = text.indexOf(']]>', tag);
      if (close < 0) return;
      yield { kind: 'text', value: text.slice(tag + 9, close) };
      at = close + 3;
    } else if (isNoTag(text, tag)) {
      at = endOfSkipped(text, tag);
    } else {
      const read = text[tag + 1] === '/' ? readEndTag(text, tag) : readStartTag(text, tag);
      if (read === undefined) return;
      yield read.token;
      at = read.end;
    }
  }
}

interface ReadTag {
  readonly token: MarkupToken;
  readonly end: number;
}

function isNoTag(text: string, at: number): boolean {
  return text[at + 1] === '!' || text[at + 1] === '?';
}

/** Returns where a comment, an instruction or a document type ends; the end of the text if nowhere. */
function endOfSkipped(text: string, at: number): number {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text[at + 1] === '?') return after(text, '?>', at + 2);
  const close = after(text, '>', at);
  const subset = text.slice(at, close).indexOf('[');
  return subset < 0 ? close : after(text, '>', endOfSubset(text, at + subset + 1));
}

/** The `]` that ends a document type's declarations: not one inside a literal or a comment. */
function endOfSubset(text: string, from: number): number {
  const interesting = /[\]"']|<!--|<\?/g;
  interesting.lastIndex = from;
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const found = match[0];
    if (found === ']') return match.index;
    const end = found === '<!--' ? '-->' : found === '<?' ? '?>' : found;
    interesting.lastIndex = after(text, end, match.index + found.length);
  }
  return text.length;
}

function readEndTag(text: string, tag: number): ReadTag | undefined {
  const end = text.indexOf('>', tag);
  if (end < 0) return undefined;
  return { token: { kind: 'close', name: text.slice(tag + 2, end).trim() }, end: end + 1 };
}

function readStartTag(text: string, tag: number): ReadTag | undefined {
  const attributes: MarkupAttribute[] = [];
  let at = endOfName(text, tag + 1);
  const name = text.slice(tag + 1, at);
  while (at < text.length) {
    at = endOfSpace(text, at);
    if (text[at] === '>') {
      return { token: { kind: 'open', name, attributes, isEmpty: false }, end: at + 1 };
    }
    if (text[at] === '/' && text[at + 1] === '>') {
      return { token: { kind: 'open', name, attributes, isEmpty: true }, end: at + 2 };
    }
    const read = readAttribute(text, at);
    if (read === undefined) return undefined;
    if (read.attribute !== undefined && attributes.length < MOST_ATTRIBUTES) {
      attributes.push(read.attribute);
    }
    at = read.end;
  }
  return undefined;
}

/** Reads `name="value"`, or passes over whatever else stands in a tag. */
function readAttribute(
  text: string,
  from: number,
): { readonly attribute?: MarkupAttribute; readonly end: number } | undefined {
  const nameEnd = endOfName(text, from);
  const equals = endOfSpace(text, nameEnd);
  if (text[equals] !== '=') return { end: Math.max(equals, from + 1) };
  const quoteAt = endOfSpace(text, equals + 1);
  const quote = text[quoteAt];
  if (quote !== '"' && quote !== "'") return { end: Math.max(endOfName(text, quoteAt), from + 1) };
  const end = text.indexOf(quote, quoteAt + 1);
  if (end < 0) return undefined;
  const value = decodeEntities(text.slice(quoteAt + 1, end));
  return { attribute: { name: text.slice(from, nameEnd), value }, end: end + 1 };
}

function endOfName(text: string, from: number): number {
  NAME_END.lastIndex = from;
  return NAME_END.exec(text)?.index ?? text.length;
}

function endOfSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi,
    (all, hex, decimal, name) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
