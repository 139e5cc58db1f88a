import './lineage.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sourcesOf } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { type CredentialView, credentialIn } from './credential-view.ts';

const words = TEXT.asset.credentials;

/** What the file's Content Credentials say, who signed them, and what they say that it was made from. */
export function Credentials({ asset }: { readonly asset: Asset }): ReactNode {
  const view = credentialIn(asset);
  const { data } = useQuery({ ...sourcesOf(asset.cid), enabled: view !== undefined });
  if (view === undefined) return <p className="asked">{words.none}</p>;
  const said = (where: string) =>
    data?.items.find((one) => one.inspector === 'credentials' && one.where === where)?.text;
  const signer = said('signer');
  const generator = said('claim-generator');
  return (
    <>
      <p>{words.states[view.state] ?? view.state}</p>
      <div className="lineage">
        <ul>
          <li>
            <p className="relation">{words.this}</p>
            <p className="relative">
              <bdi>{signer ?? words.noSigner}</bdi>
              {view.signedAt && (
                <span className="asked">
                  {' '}
                  {timeText(view.signedAt)} {view.isTimeTrusted ? words.timeShown : words.timeSaid}
                </span>
              )}
            </p>
            {generator && (
              <p className="asked">
                {words.by} <bdi>{generator}</bdi>
              </p>
            )}
            <Ingredients view={view} />
          </li>
        </ul>
      </div>
      {view.deeper > 0 && <p className="asked">{words.deeper(view.deeper)}</p>}
      {view.sourceTypes.length > 0 && (
        <p className="asked">{words.says(view.sourceTypes.join(', '))}</p>
      )}
    </>
  );
}

function Ingredients({ view: { own } }: { readonly view: CredentialView }): ReactNode {
  if (own.length === 0) return <p className="asked">{words.noIngredients}</p>;
  return (
    <ul>
      {own.map(({ relationship, manifest }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ingredients have no names, and never change places.
        <li key={place}>
          <p className="relation">{words.relationships[relationship ?? ''] ?? words.someHow}</p>
          <p className="relative">
            {manifest === null ? words.withoutManifest : words.withManifest}
            {manifest !== null && <code className="long">{manifest}</code>}
          </p>
        </li>
      ))}
    </ul>
  );
}
