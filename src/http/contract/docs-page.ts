import { escaped, page, STYLE_HASH } from '../html.ts';
import type { Endpoint } from './endpoint.ts';

/** Lets the page have its own style, and nothing else: no script, nothing from elsewhere. */
export const DOCS_POLICY = `default-src 'none'; style-src ${STYLE_HASH}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Returns a page for people that says what can be asked for. */
export function docsPage(endpoints: readonly Endpoint[]): string {
  const content = `<h1>Ringfence</h1>
<p>What can be asked for over HTTP. <a href="/openapi.json">openapi.json</a> says the same to programs, with every
schema. What cannot be done is told as <code>application/problem+json</code>, with a <code>code</code> that does not
change.</p>
${endpoints.map(sectionOf).join('\n')}`;
  return page('Ringfence: what can be asked for', content);
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
