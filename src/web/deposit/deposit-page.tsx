import './deposit-page.css';
import { type ReactNode, useState } from 'react';
import { ForSignedIn } from '../parts/for-signed-in.tsx';
import { Empty } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { useStanding } from './deposit-queue.ts';
import { OfferArea } from './offer-area.tsx';
import type { Gathered } from './offered.ts';
import { Preparation } from './preparation.tsx';
import { UnderWay } from './under-way.tsx';

const words = TEXT.deposit;

/** What was offered last; each time is a new one. */
interface Offering {
  readonly gathered?: Gathered;
  readonly round: number;
}

/** Files are offered, looked through with their catalogue, and sent. */
export function DepositPage(): ReactNode {
  return (
    <ForSignedIn>
      <Depositing />
    </ForSignedIn>
  );
}

function Depositing(): ReactNode {
  const standing = useStanding();
  const [{ gathered, round }, setOffered] = useState<Offering>({ round: 0 });
  const offer = (next?: Gathered) =>
    setOffered((before) => ({ round: before.round + 1, ...(next ? { gathered: next } : {}) }));
  const [isNew, setNew] = useState(false);
  const isUnderWay = !isNew && Object.values(standing.files).some((count) => count > 0);
  return (
    <div className="page deposit-page">
      <h1>{words.title}</h1>
      {isUnderWay ? (
        <UnderWay
          standing={standing}
          onDone={() => {
            offer();
            setNew(true);
          }}
        />
      ) : (
        <>
          <OfferArea isSmall={gathered !== undefined} onGathered={offer} />
          {gathered?.files.length === 0 && <Empty title={words.nothing}>{words.nothingMore}</Empty>}
          {gathered !== undefined && gathered.files.length > 0 && (
            <Preparation key={round} gathered={gathered} onBegun={() => setNew(false)} />
          )}
        </>
      )}
    </div>
  );
}
