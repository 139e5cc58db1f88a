import './makers.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { ConsentForm } from './consent-form.tsx';
import { DeclarationForm } from './declaration-form.tsx';
import { KeyPanel } from './key-panel.tsx';
import { type MakerKey, useMakerKey } from './maker-key.ts';
import { MakerPage } from './maker-page.tsx';
import { vouchedFor } from './maker-queries.ts';
import { offered } from './offer.ts';
import { Refused } from './refused.tsx';
import { useSigning } from './use-signing.tsx';
import { VouchPanel } from './vouch-panel.tsx';
import { WorksChosen } from './works-chosen.tsx';

const words = TEXT.makers.sign;

/** A maker says how works were made, or what may be done with them: works, key, steward, words, signature. */
export function SignPage(): ReactNode {
  const { assets = [] } = useSearch({ strict: false });
  const navigate = useNavigate();
  const key = useMakerKey();
  const { data: offer, error } = useQuery(offered);
  if (error) return <Failure isPage error={error} />;
  if (offer === undefined || key === undefined) return <Loading />;
  if (!offer.claims) return <MakerPage title={words.title}>{words.closed}</MakerPage>;
  const choose = (next: readonly string[]) =>
    void navigate({ to: '/makers/sign', search: { assets: [...next] }, replace: true });
  return (
    <MakerPage title={words.title}>
      <WorksChosen assets={assets} onChoose={choose} />
      {key === null && <KeyPanel />}
      {key !== null && assets.length > 0 && <Signing by={key} assets={assets} />}
    </MakerPage>
  );
}

function Signing({ by, assets }: { readonly by: MakerKey; readonly assets: readonly string[] }) {
  const { data: vouched, error, isFetching, refetch } = useQuery(vouchedFor(by, assets));
  const [isSigned, setSigned] = useState(false);
  const [kind, setKind] = useState<'declaration' | 'consent'>('declaration');
  const { draft, isDrafting, error: refused, dialog } = useSigning(by, () => setSigned(true));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (vouched === undefined) return <Loading />;
  const missing = assets.filter((cid) => !vouched.includes(cid));
  if (missing.length > 0) {
    return (
      <VouchPanel by={by} assets={missing} isLooking={isFetching} onLook={() => void refetch()} />
    );
  }
  const [first = ''] = assets;
  const Form = kind === 'declaration' ? DeclarationForm : ConsentForm;
  return (
    <section className="maker-section">
      <p className="soft">{words.known}</p>
      {isSigned && (
        <div className="kept" role="status">
          <p className="lead">{words.done}</p>
          <Link to="/makers/works/$cid" params={{ cid: first }}>
            {words.see}
          </Link>
        </div>
      )}
      <fieldset className="kinds">
        <legend>{words.say}</legend>
        {(['declaration', 'consent'] as const).map((one) => (
          <label key={one} className="check-line">
            <input
              type="radio"
              name="kind"
              checked={kind === one}
              onChange={() => {
                setKind(one);
                setSigned(false);
              }}
            />
            {words[one]}
          </label>
        ))}
      </fieldset>
      <Form
        isBusy={isDrafting}
        onSay={(claim) => {
          setSigned(false);
          draft({ claim, assets });
        }}
      />
      <Refused error={refused} />
      {dialog}
    </section>
  );
}
