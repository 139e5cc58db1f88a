import './audit-page.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client.ts';
import { useIdentity } from '../api/identity.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { saveText } from '../parts/save-text.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { Alarm } from './alarm.tsx';
import { entryChecked } from './audit-queries.ts';
import type { CheckedEntry } from './check-entry.ts';
import { Check, Checks } from './checks.tsx';
import { EntryStatements } from './entry-statements.tsx';
import { LogChecks } from './log-checks.tsx';

const words = TEXT.audit.entry;
const route = getRouteApi('/audit/$entry');

/** One entry of the log: what was checked of it here, and what it says. */
export function EntryPage(): ReactNode {
  const { entry } = route.useParams();
  const identity = useIdentity();
  if (!identity) return <Failure isPage error={new Refusal(401, {})} />;
  return <Entry entry={entry} node={identity.node} />;
}

function Entry({ entry, node }: { readonly entry: string; readonly node: string }): ReactNode {
  const { data, error, refetch } = useQuery(entryChecked(entry, node));
  const again = () => void refetch();
  if (error instanceof Refusal || error instanceof TypeError) {
    return <Failure isPage error={error} retry={again} />;
  }
  if (error === null && data === undefined) return <Loading />;
  return (
    <div className="page audit-page">
      <p>
        <Link to="/audit">← {words.back}</Link>
      </p>
      <h1>{data ? words.title(countText(data.check.arrival)) : words.broken}</h1>
      {/* Of what does not hold, nothing is shown. */}
      {error && <Alarm title={words.brokenTitle} text={error.message} />}
      {data && <Sound entry={data} again={again} />}
    </div>
  );
}

function Sound({
  entry: { check, told, log },
  again,
}: {
  readonly entry: CheckedEntry;
  readonly again: () => void;
}): ReactNode {
  const { name, organisationName } = told.author;
  return (
    <>
      <section aria-labelledby="entry-checks">
        <h2 id="entry-checks">{TEXT.audit.checks.title}</h2>
        <Checks>
          <Check
            holds
            title={words.logged(countText(check.arrival), countText(check.tree.size))}
            names={[[words.hash, check.hash]]}
          >
            {words.loggedBy}
          </Check>
          <Check
            holds
            title={words.signed(name || organisationName || words.somebody)}
            names={[[TEXT.audit.checks.key, check.entry.identity]]}
          >
            {words.signedBy}
          </Check>
          <Check holds title={words.says(countText(check.statements.length))}>
            {words.saysBy}
          </Check>
        </Checks>
        <details className="entry-log">
          <summary>{words.log}</summary>
          <LogChecks log={log} error={null} again={again} />
        </details>
        <p className="entry-actions">
          <CopyText text={check.hash} label={words.hash} />
          <button
            type="button"
            className="control"
            onClick={() => saveText(`${check.hash}.tlog-proof`, told.proof)}
          >
            {words.save}
          </button>
        </p>
      </section>
      <EntryStatements check={check} told={told} />
    </>
  );
}
