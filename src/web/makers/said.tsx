import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { declarationText } from './declaration-text.ts';
import type { MakerKey } from './maker-key.ts';
import { Refused } from './refused.tsx';
import { useSigning } from './use-signing.tsx';
import type { MadeClaims } from './work-page.tsx';

const words = TEXT.makers.work;

/** What the maker has said of a work, the newest first, and what became of it; a consent is taken back here. */
export function Said({
  cid,
  by,
  made: { declarations, consents },
}: {
  readonly cid: string;
  readonly by: MakerKey;
  readonly made: MadeClaims;
}): ReactNode {
  const textOf = (id: string) => consents.find((one) => one.id === id)?.text ?? null;
  const { draft, error, dialog } = useSigning(by, () => {}, textOf);
  return (
    <>
      <section className="maker-section">
        <h2>{words.declarations}</h2>
        {declarations.length === 0 && <p className="soft">{words.none}</p>}
        <ul className="things-said">
          {declarations.map((declaration) => (
            <li key={declaration.id}>
              <p dir="auto">{declarationText(declaration)}</p>
              <time className="soft" dateTime={declaration.at}>
                {timeText(declaration.at)}
              </time>
            </li>
          ))}
        </ul>
      </section>
      <section className="maker-section">
        <h2>{words.consents}</h2>
        {consents.length === 0 && <p className="soft">{words.none}</p>}
        <ul className="things-said">
          {consents.map((consent) => (
            <Consent
              key={consent.id}
              consent={consent}
              onWithdraw={() => {
                const claim = { kind: 'withdrawal' as const, consents: [consent.id] };
                draft({ claim, assets: [cid] });
              }}
            />
          ))}
        </ul>
        <Refused error={error} />
        <span className="actions">
          <Link className="control" to="/makers/sign" search={{ assets: [cid] }}>
            {words.more}
          </Link>
        </span>
        {dialog}
      </section>
    </>
  );
}

function Consent({
  consent,
  onWithdraw,
}: {
  readonly consent: MadeClaims['consents'][number];
  readonly onWithdraw: () => void;
}): ReactNode {
  const state = stateOf(consent);
  return (
    <li className={state === 'stands' ? undefined : 'past'}>
      <p>
        <strong>{words.state[state]}</strong>{' '}
        <time className="soft" dateTime={consent.at}>
          {timeText(consent.at)}
        </time>
      </p>
      {consent.text !== null && (
        <details>
          <summary>{words.exact}</summary>
          <p className="exact">{consent.text}</p>
        </details>
      )}
      {state === 'stands' && (
        <span className="actions">
          <button type="button" className="control" onClick={onWithdraw}>
            {words.withdraw}
          </button>
        </span>
      )}
    </li>
  );
}

function stateOf({
  tied,
  withdrawnBy,
  replaced,
}: Pick<MadeClaims['consents'][number], 'tied' | 'withdrawnBy' | 'replaced'>) {
  if (withdrawnBy.length > 0) return 'withdrawn';
  if (replaced) return 'replaced';
  return tied ? 'stands' : 'untied';
}
