import { createHash } from 'node:crypto';

/** The style of pages that the node makes itself, for any width. */
const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace}table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}h2{margin-top:2.5rem;font-size:1.1rem}
input,select,textarea,button{font:inherit;max-width:100%;box-sizing:border-box}textarea{width:100%;min-height:8rem}
label{display:block;margin:.8rem 0 .2rem}button{margin-top:1rem;padding:.4rem 1.2rem}
img{display:block;max-width:100%;max-height:16rem;height:auto;margin:.5rem 0}ol{padding-left:1.2rem}`;

/** For `style-src`: the style above, and no other. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** Returns a page; the title and what it says are HTML. */
export function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
${content}
</html>
`;
}

/** Returns text as HTML shows it, wherever it stands. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
