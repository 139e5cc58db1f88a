import './states.css';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.states;

/** By status; 0 where nothing was answered. */
const headings: Readonly<Record<number, string>> = {
  0: words.offlineTitle,
  403: words.forbiddenTitle,
};

/** What a page shows in the place of what has not come yet. */
export function Loading(): ReactNode {
  return (
    <p className="state state-loading" role="status">
      {words.loading}
    </p>
  );
}

/** What a page shows where there is nothing to show; in the place of a whole page, its heading too. */
export function Empty({
  title,
  isPage = false,
  children,
}: {
  readonly title: string;
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}): ReactNode {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="state">
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** What a page shows in the place of what the node refused, or did not answer. */
export function Failure({
  error,
  isPage = false,
  isAct = false,
  retry,
}: {
  readonly error: Error;
  readonly isPage?: boolean;
  /** Something was to be done, and not only shown. */
  readonly isAct?: boolean;
  readonly retry?: () => void;
}): ReactNode {
  const status = error instanceof Refusal ? error.status : 0;
  if (status === 404) {
    return (
      <Empty title={words.missingTitle} isPage={isPage}>
        {words.missing}
      </Empty>
    );
  }
  if (status === 401) {
    return (
      <Empty title={words.signInTitle} isPage={isPage}>
        <p>{TEXT.account.howTo}</p>
        {isPage ? <Link to="/sign-in">{TEXT.account.nav.nobody}</Link> : <p>{words.elsewhere}</p>}
      </Empty>
    );
  }
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="state" role="alert">
      <Heading>{headings[status] ?? words.failed}</Heading>
      <p dir="auto">{status === 0 ? (isAct ? words.unanswered : words.offline) : error.message}</p>
      {status === 403 && <p>{words.forbidden}</p>}
      {retry && (
        <button type="button" className="control" onClick={retry}>
          {words.again}
        </button>
      )}
    </div>
  );
}

/** Says so for as long as what is asked for does not come at all. */
export function OfflineNotice(): ReactNode {
  const queries = useQueryClient().getQueryCache();
  useIsFetching();
  const isUnanswered = queries
    .findAll({ type: 'active' })
    .some(({ state }) => state.fetchFailureReason instanceof TypeError);
  return (
    <div role="status">
      {isUnanswered && (
        <p className="offline">
          <strong>{words.offlineTitle}.</strong> {words.offline}
        </p>
      )}
    </div>
  );
}
