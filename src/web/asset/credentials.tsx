import './lineage.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sourcesOf } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { credentialIn, type Ingredient } from './credential-view.ts';

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
            {view.own.length === 0 && <p className="asked">{words.noIngredients}</p>}
            <Ingredients of={view.own} said={said} />
          </li>
        </ul>
      </div>
      {view.untold > 0 && <p className="asked">{words.untold(view.untold)}</p>}
      {view.sourceTypes.length > 0 && (
        <p className="asked">{words.says(view.sourceTypes.map(typeText).join('; '))}</p>
      )}
    </>
  );
}

/** What went into a file, and into that in turn. */
function Ingredients({
  of,
  said,
}: {
  readonly of: readonly Ingredient[];
  readonly said: (where: string) => string | undefined;
}): ReactNode {
  if (of.length === 0) return null;
  return (
    <ul>
      {of.map(({ where, relationship, manifest, isAmiss, sourceTypes, ingredients }) => (
        <li key={where}>
          <p className="relation">{words.relationships[relationship ?? ''] ?? words.someHow}</p>
          <p className="relative">
            <bdi>{said(where) || words.unnamed}</bdi>
          </p>
          <p className="asked">
            {manifest === null ? words.withoutManifest : words.withManifest}
            {isAmiss && ` ${words.amiss}`}
            {sourceTypes.length > 0 && ` ${words.says(sourceTypes.map(typeText).join('; '))}`}
            {manifest !== null && <code className="long">{manifest}</code>}
          </p>
          <Ingredients of={ingredients} said={said} />
        </li>
      ))}
    </ul>
  );
}

function typeText(type: string): string {
  return words.sourceTypes[type] ?? type;
}
