import type { ByteSource } from '../inspector.ts';
import { type MarkupToken, markupTokens } from './markup-tokens.ts';
import { decodeXml } from './text-encoding.ts';
import { localName } from './xml-values.ts';

/** The first element of an XML or HTML document. */
export interface RootElement {
  readonly name: string;
  /** The namespace of its prefix, or the default one; empty if none is declared on it. */
  readonly namespace: string;
  /** The document says `<?xml`. */
  readonly hasDeclaration: boolean;
  /** Attributes by their name as written. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Prologues are short; one that is not may hide what the document is. */
const LONGEST_PROLOGUE = 16 * 1024 * 1024;

/** Returns the root element, or undefined if the bytes are not markup, or have no element. */
export function rootElement(source: ByteSource): RootElement | undefined {
  if (!beginsAsMarkup(source.head)) return undefined;
  const root = rootIn(source.head);
  if (root !== undefined || source.size === source.head.length) return root;
  return rootIn(source.read(0, LONGEST_PROLOGUE));
}

function rootIn(bytes: Uint8Array): RootElement | undefined {
  const text = decodeXml(bytes);
  for (const token of markupTokens(text)) {
    if (token.kind === 'open') return toRoot(token, text.slice(0, 1024).includes('<?xml'));
    if (token.kind === 'close' || !/^[\s\ufeff]*$/.test(token.value)) return undefined;
  }
  return undefined;
}

/** Looks past a byte order mark and white space; UTF-16 has zeros beside the `<`. */
export function beginsAsMarkup(head: Uint8Array): boolean {
  const skipped = new Set([0x09, 0x0a, 0x0d, 0x20, 0x00, 0xef, 0xbb, 0xbf, 0xfe, 0xff]);
  const first = head.subarray(0, 1024).find((byte) => !skipped.has(byte));
  return first === 0x3c;
}

function toRoot(
  token: MarkupToken & { readonly kind: 'open' },
  hasDeclaration: boolean,
): RootElement {
  const attributes = new Map(token.attributes.map(({ name, value }) => [name, value]));
  const colon = token.name.indexOf(':');
  const declaration = colon < 0 ? 'xmlns' : `xmlns:${token.name.slice(0, colon)}`;
  return {
    name: localName(token.name),
    namespace: attributes.get(declaration) ?? '',
    hasDeclaration,
    attributes,
  };
}
