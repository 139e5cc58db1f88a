import './findings.css';
import type { ReactNode } from 'react';
import type { Asset } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.asset;

/** What inspectors found in the bytes, each in a line that opens to all that it saw. */
export function Findings({ asset }: { readonly asset: Asset }): ReactNode {
  if (asset.findings.length === 0) return <p className="asked">{words.noFindings}</p>;
  return (
    <div className="findings">
      {asset.findings.map(({ inspector, version, outcome, facts }) => (
        <details key={`${inspector} ${version} ${outcome}`}>
          <summary>
            <span>{words.inspectors[inspector] ?? inspector}</span>
            <span className="asked">{words.outcomes[outcome] ?? outcome}</span>
          </summary>
          <p className="asked">
            {inspector} {version}
          </p>
          <pre>{JSON.stringify(facts, null, 2)}</pre>
        </details>
      ))}
    </div>
  );
}
