import './audit-page.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client.ts';
import { useIdentity } from '../api/identity.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { AssetProofs } from './asset-proofs.tsx';
import { logChecked } from './audit-queries.ts';
import { LogChecks } from './log-checks.tsx';
import { LogList } from './log-list.tsx';
import { Reports } from './reports.tsx';

const words = TEXT.audit;

/** What arrived in the log, checked in this browser; proofs of assets, and reports. */
export function AuditPage(): ReactNode {
  const identity = useIdentity();
  if (!identity) return <Failure isPage error={new Refusal(401, {})} />;
  return (
    <div className="page audit-page">
      <header>
        <h1>{words.title}</h1>
        <p className="lead">{words.lead}</p>
      </header>
      <Log node={identity.node} />
      <AssetProofs node={identity.node} />
      <Reports />
    </div>
  );
}

function Log({ node }: { readonly node: string }): ReactNode {
  const { data, error, refetch } = useQuery(logChecked(node));
  return (
    <>
      <section aria-labelledby="log-checks">
        <h2 id="log-checks">{words.checks.title}</h2>
        <LogChecks log={data} error={error} again={() => void refetch()} />
      </section>
      <section aria-labelledby="log-list">
        <h2 id="log-list">{words.list.title}</h2>
        <LogList />
      </section>
    </>
  );
}
