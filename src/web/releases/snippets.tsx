import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { type Manifest, type Snippet, snippetsOf } from './release-queries.ts';

const words = TEXT.releases.snippets;

/** Programs that load the release, filled in, as its card has them. */
export function Snippets({ manifest }: { readonly manifest: Manifest }): ReactNode {
  const { data = [], error } = useQuery(snippetsOf(manifest));
  return (
    <section className="block">
      <h2>{words.title}</h2>
      {error && <Failure error={error} />}
      {data.map((snippet, number) => (
        <Program key={snippet.title} snippet={snippet} isOpen={number === 0} />
      ))}
    </section>
  );
}

function Program({
  snippet: { title, code },
  isOpen,
}: {
  readonly snippet: Snippet;
  readonly isOpen: boolean;
}) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(code).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <details className="snippet" open={isOpen}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <pre tabIndex={0}>{code}</pre>
      <button type="button" className="control" onClick={copy}>
        {isCopied ? TEXT.copy.copied : TEXT.copy.copy}
        <span className="hidden"> {title}</span>
      </button>
    </details>
  );
}
