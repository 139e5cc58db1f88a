const LONGEST = 120;

/** Control characters, line separators and direction marks: what could break or disguise a sentence. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a name or value in quotes, on one line and not too long, for a sentence people read. */
export function quote(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `"${short.replace(UNSAFE, visible)}"`;
}

function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
