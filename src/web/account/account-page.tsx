import './account-page.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Identity } from '../api/browser-key.ts';
import { answered, api, Refusal } from '../api/client.ts';
import { leave, useIdentity } from '../api/identity.ts';
import { archiveState } from '../api/queries.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { FirstSteps } from '../parts/first-steps.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { useLink } from './use-link.ts';

const words = TEXT.account;

/** Signs the browser in by the link that opened the page, and shows who it is. */
export function AccountPage(): ReactNode {
  const identity = useIdentity();
  const queries = useQueryClient();
  const [said, setSaid] = useState<string>();
  const isBusy = useLink(setSaid);
  const signOut = async () => {
    if (!identity) return;
    const { key } = identity;
    try {
      await answered(api.POST('/api/v1/operations/browser.remove', { body: { key } }));
    } catch (error) {
      // Who is signed in no more has nothing left to give up.
      if (!(error instanceof Refusal && error.status === 401)) {
        setSaid(words.stillIn(error instanceof Refusal ? error.message : TEXT.states.offlineTitle));
        return;
      }
    }
    await leave();
    queries.clear();
    setSaid(words.out);
  };
  return (
    <div className="page account-page">
      <h1>{words.title}</h1>
      <p role="status" dir="auto">
        {isBusy ? words.signingIn : (said ?? (identity ? '' : words.nobody))}
      </p>
      {!isBusy && identity && <Owner identity={identity} onSignOut={() => void signOut()} />}
      {!isBusy && !identity && (
        <>
          <p>{words.howTo}</p>
          <p>{words.public}</p>
        </>
      )}
    </div>
  );
}

function Owner({
  identity,
  onSignOut,
}: {
  readonly identity: Identity;
  readonly onSignOut: () => void;
}): ReactNode {
  const { data, error, refetch } = useQuery(archiveState);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      <p className="lead" dir="auto">
        {words.owner(data.name)}
      </p>
      {data.assets === 0 ? (
        <FirstSteps />
      ) : (
        <p>
          <Link to="/" className="control control-main link-control">
            {words.toWorks}
          </Link>
        </p>
      )}
      <dl className="facts">
        <dt>{words.assets}</dt>
        <dd>{countText(data.assets)}</dd>
        <dt>{words.entries}</dt>
        <dd>{countText(data.entries)}</dd>
        <Name label={words.archive} text={data.address} />
        <Name label={words.node} text={identity.node} />
        <Name label={words.key} text={identity.key} />
        <dt>{words.until}</dt>
        <dd>
          <time dateTime={identity.until}>{timeText(identity.until)}</time>
        </dd>
      </dl>
      <p>
        <button type="button" className="control" onClick={onSignOut}>
          {words.signOut}
        </button>
      </p>
    </>
  );
}

function Name({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <CopyText text={text} label={label} />
      </dd>
    </>
  );
}
