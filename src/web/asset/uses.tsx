import './uses.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Use, usesOf } from '../api/asset-queries.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';

const words = TEXT.asset.uses;

type OfKind<Kind extends Use['kind']> = Extract<Use, { readonly kind: Kind }>;

/** The releases that a work is or was in, who pulled them meanwhile, and the models that name those pulls. */
export function Uses({ cid }: { readonly cid: string }): ReactNode {
  const { data, error, refetch } = useQuery(usesOf(cid));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { items, result } = data;
  const of = <Kind extends Use['kind']>(kind: Kind) =>
    items.filter((use): use is OfKind<Kind> => use.kind === kind);
  const receipts = of('receipt');
  if (items.length === 0) return <p className="asked">{words.none}</p>;
  return (
    <>
      <p className="asked">
        {words.counts(result.releases, result.receipts, result.models)}{' '}
        {result.outstanding > 0 && words.outstanding(result.outstanding)}
      </p>
      <ul className="uses">
        {of('release').map((use) => (
          <Release
            key={use.release}
            use={use}
            receipts={receipts.filter(({ release }) => release === use.release)}
          />
        ))}
        {of('model').map((use) => (
          <li key={use.id}>
            <p>
              {words.model}: <bdi>{use.model}</bdi>{' '}
              <span className="asked">{timeText(use.at)}</span>
            </p>
            <p className="asked">
              {words.pulls(use.receipts.length)} {words.obligations[use.obligation]}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Release({
  use,
  receipts,
}: {
  readonly use: OfKind<'release'>;
  readonly receipts: readonly OfKind<'receipt'>[];
}): ReactNode {
  const { name, version, release, purpose, at, left } = use;
  return (
    <li>
      <p>
        {words.release}: <bdi>{name === null ? release : `${name} ${version}`}</bdi>{' '}
        <span className="tag">{words.states[left.is]}</span>
      </p>
      <p className="asked">
        {TEXT.collection.purposes[purpose]} · {timeText(at)}
        {left.reason !== null && ` · ${left.reason}`}
        {left.since !== null && ` · ${words.list(left.since)}`}
      </p>
      {receipts.length > 0 && (
        <details>
          <summary>{words.pulls(receipts.length)}</summary>
          <ul>
            {receipts.map((receipt) => (
              <li key={receipt.id}>
                <p>
                  {timeText(receipt.at)} · {words.revision(receipt.revision)} ·{' '}
                  {receipt.updatedBy === null
                    ? words.obligations[receipt.obligation]
                    : words.updated}
                </p>
                <code className="long">{receipt.puller}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
