import './standing.css';
import type { ReactNode } from 'react';
import type { Verdict } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.asset.standing;

/** Says plainly what has become of a work that is not simply here. */
export function Standing({
  asset,
  verdict,
}: {
  readonly asset: Asset;
  readonly verdict: Verdict | undefined;
}): ReactNode {
  const codes = verdict?.gates.flatMap(({ rules }) => rules.flatMap(({ code }) => code ?? []));
  // Every deposit has a file's name, for as long as its record is there.
  const isErased = asset.deposits.some(({ filename }) => filename === '');
  const told = [asset.status, ...(isErased ? ['erased'] : []), ...(codes ?? [])].flatMap(
    (code) => words[code] ?? [],
  );
  if (told.length === 0) return null;
  return (
    <div className="standing" role="note">
      {told.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}
