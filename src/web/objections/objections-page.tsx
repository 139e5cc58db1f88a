import './objections-page.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Refusal } from '../api/client.ts';
import { useIdentity } from '../api/identity.ts';
import { ForSignedIn } from '../parts/for-signed-in.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { AnswerDialog } from './answer-dialog.tsx';
import { ObjectionCard } from './objection-card.tsx';
import { type Objection, objections } from './objection-queries.ts';

const words = TEXT.objections;

/** What people without an account object to, for stewards to answer. */
export function ObjectionsPage(): ReactNode {
  return (
    <ForSignedIn>
      <Answering />
    </ForSignedIn>
  );
}

function Answering(): ReactNode {
  const identity = useIdentity();
  // Not in its card, which moves when somebody else answers meanwhile.
  const [answered, setAnswered] = useState<Objection>();
  const [isBeforeOpen, setBeforeOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...objections(true), enabled: Boolean(identity) });
  if (error instanceof Refusal && error.status === 403) {
    return (
      <Empty isPage title={words.title}>
        <p>{words.stewards}</p>
      </Empty>
    );
  }
  if (error && data === undefined)
    return <Failure isPage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const open = data.filter(({ answer }) => answer === null);
  const before = data.filter(({ answer }) => answer !== null).reverse();
  return (
    <div className="page objections-page">
      <header>
        <h1>{words.title}</h1>
        <p className="lead">{words.lead}</p>
      </header>
      {open.length === 0 && (
        <Empty title={words.noneTitle}>
          <p>{words.none}</p>
        </Empty>
      )}
      <ul className="objections">
        {open.map((one) => (
          <ObjectionCard key={one.id} objection={one} onAnswer={setAnswered} />
        ))}
      </ul>
      {before.length > 0 && (
        <details onToggle={({ currentTarget }) => setBeforeOpen(currentTarget.open)}>
          <summary>{words.answered(before.length)}</summary>
          {/* Each card asks for its work and a preview of it. */}
          {isBeforeOpen && (
            <ul className="objections">
              {before.map((one) => (
                <ObjectionCard key={one.id} objection={one} onAnswer={setAnswered} />
              ))}
            </ul>
          )}
        </details>
      )}
      {answered && <AnswerDialog objection={answered} onClose={() => setAnswered(undefined)} />}
    </div>
  );
}
