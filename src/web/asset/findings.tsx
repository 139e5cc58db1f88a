import './findings.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sourcesOf } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { Verbatim } from './verbatim.tsx';

const words = TEXT.asset;

type AFinding = Asset['findings'][number];

/** What inspectors found in the bytes, each in a line that opens to all that it saw, and where. */
export function Findings({
  asset,
  isSignedIn,
}: {
  readonly asset: Asset;
  readonly isSignedIn: boolean;
}): ReactNode {
  if (asset.findings.length === 0) return <p className="asked">{words.noFindings}</p>;
  return (
    <div className="findings">
      {asset.findings.map((finding) => (
        <Finding
          key={`${finding.inspector} ${finding.version}`}
          cid={isSignedIn ? asset.cid : undefined}
          finding={finding}
        />
      ))}
    </div>
  );
}

function Finding({
  cid,
  finding,
}: {
  readonly cid: string | undefined;
  readonly finding: AFinding;
}) {
  const [isOpen, setOpen] = useState(false);
  const { inspector, version, outcome, facts } = finding;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span>{words.inspectors[inspector] ?? inspector}</span>
        <span className="asked">{words.outcomes[outcome] ?? outcome}</span>
      </summary>
      <p className="asked">
        {inspector} {version}
      </p>
      <Verbatim text={JSON.stringify(facts, null, 2)} />
      {isOpen && cid !== undefined && <Sources cid={cid} inspector={inspector} />}
    </details>
  );
}

/** The text in the file that a finding rests on, as letters alone. */
function Sources({ cid, inspector }: { readonly cid: string; readonly inspector: string }) {
  const { data } = useQuery(sourcesOf(cid));
  const sources = data?.items.filter((one) => one.inspector === inspector) ?? [];
  return (
    <>
      {sources.map(({ finding, where, text, truncated }) => (
        <div key={`${finding} ${where}`}>
          <p className="asked">
            {words.inTheFile} <bdi>{where}</bdi> {truncated && words.truncated}
          </p>
          <Verbatim text={text} />
        </div>
      ))}
      {data !== undefined && data.result.missing > 0 && (
        <p className="asked">{words.sourcesGone}</p>
      )}
    </>
  );
}
