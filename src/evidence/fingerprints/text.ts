import { type ByteSource, Unreadable } from '../inspector.ts';
import { textCode } from '../iscc/text-code.ts';
import { markupTokens } from '../readers/markup-tokens.ts';
import { decodeUtf8OrLatin1, decodeXml } from '../readers/text-encoding.ts';
import type { Content } from './content.ts';

const MOST_BYTES = 8 * 1024 * 1024;
const MARKUP: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml']);
/** Elements whose text nobody reads. */
const UNREAD: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'title']);

export function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || MARKUP.has(mediaType);
}

/**
 * Returns what a text says; of HTML what is between its tags, of Markdown all of it, since its marks
 * are punctuation, which the code leaves out. The title is that of HTML.
 *
 * @throws {Unreadable} `limit`.
 */
export function textContent(source: ByteSource, mediaType: string): Content {
  if (source.size > MOST_BYTES) throw new Unreadable('limit', 'a text of too many bytes');
  const { text, title } = wordsOf(source.read(0, source.size), mediaType);
  const { digest, characters, passages } = textCode(text);
  return { kind: 'text', digest, facts: { characters, passages }, title };
}

/** Returns what the bytes of a text say, as far as people read it. */
export function wordsOf(
  bytes: Uint8Array,
  mediaType: string,
): { readonly text: string; readonly title: string | undefined } {
  if (MARKUP.has(mediaType)) return wordsIn(decodeXml(bytes));
  return { text: plainText(bytes), title: undefined };
}

function plainText(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] ?? 0) >= 0xfe && (bytes[1] ?? 0) >= 0xfe;
  return isUtf16 ? decodeXml(bytes) : decodeUtf8OrLatin1(bytes);
}

function wordsIn(markup: string): { readonly text: string; readonly title: string | undefined } {
  const parts: string[] = [];
  let title: string | undefined;
  let within: string | undefined;
  for (const token of markupTokens(markup)) {
    if (token.kind === 'text') {
      if (within === undefined) parts.push(token.value);
      else if (within === 'title') title ??= token.value;
    } else {
      const name = token.name.toLowerCase();
      if (token.kind === 'close') {
        if (name === within) within = undefined;
      } else if (!token.isEmpty && UNREAD.has(name)) within ??= name;
    }
  }
  return { text: parts.join(' '), title };
}
