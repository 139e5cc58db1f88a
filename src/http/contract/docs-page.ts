import { createHash } from 'node:crypto';
import type { Endpoint } from './endpoint.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code{font-family:ui-monospace,monospace}table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}h2{margin-top:2.5rem;font-size:1.1rem}`;

/** Lets the page have its own style, and nothing else: no script, nothing from elsewhere. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(STYLE)
  .digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Returns a page for people that says what can be asked for. */
export function docsPage(endpoints: readonly Endpoint[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ringfence: what can be asked for</title>
<style>${STYLE}</style>
<h1>Ringfence</h1>
<p>What can be asked for over HTTP. <a href="/openapi.json">openapi.json</a> says the same to programs, with every
schema. What cannot be done is told as <code>application/problem+json</code>, with a <code>code</code> that does not
change.</p>
${endpoints.map(sectionOf).join('\n')}
</html>
`;
}

function sectionOf({
  id,
  method,
  path,
  summary,
  parameters,
  query,
  body,
  answer,
}: Endpoint): string {
  const rows = [
    ...Object.keys(parameters?.shape ?? {}).map((name) => [name, 'path']),
    ...Object.entries(query?.shape ?? {}).map(([name, field]) => [name, field.description ?? '']),
    ...(body === undefined ? [] : [['body', body.type]]),
    ['answer', `${answer.type}. ${answer.description}`],
  ];
  return `<h2 id="${escaped(id)}"><code>${method.toUpperCase()} ${escaped(path)}</code></h2>
<p>${escaped(summary)}</p>
<table>
${rows.map(([name = '', what = '']) => `<tr><th><code>${escaped(name)}</code><td>${escaped(what)}`).join('\n')}
</table>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
