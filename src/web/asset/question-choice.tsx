import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { policies } from '../api/asset-queries.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { type Asked, questionIn, USUAL } from './question.ts';

const words = TEXT.asset.question;
const route = getRouteApi('/assets/$cid');

const USES = PURPOSES.map((value) => ({ value, label: TEXT.collection.purposes[value] }));
const CLASSES = ['anyone', 'members', 'research-organisation'] as const;

/** What is asked: for which use, by which policy, for whom. It stands in the address of the page. */
export function QuestionChoice(): ReactNode {
  const asked = { ...USUAL, ...route.useSearch() };
  const navigate = route.useNavigate();
  const { data = [] } = useQuery(policies);
  const ask = (change: Asked) =>
    void navigate({
      search: (before) => questionIn({ ...before, ...change }),
      ...{ replace: true, resetScroll: false },
    });
  const names = new Set([...data.map(({ policy }) => policy.name), asked.policy]);
  const requesters = new Set<string>([...CLASSES, asked.for]);
  return (
    <fieldset className="question">
      <legend className="hidden">{words.legend}</legend>
      <Choice
        label={words.purpose}
        options={USES}
        value={asked.purpose}
        onChoose={(purpose) => ask({ purpose })}
      />
      <Choice
        label={words.policy}
        options={[...names].map((value) => ({ value, label: value }))}
        value={asked.policy}
        onChoose={(policy) => ask({ policy })}
      />
      <Choice
        label={words.requester}
        options={[...requesters].map((value) => ({ value, label: requesterText(value) }))}
        value={asked.for}
        onChoose={(requester) => ask({ for: requester })}
      />
    </fieldset>
  );
}

/** Says in words for whom it is asked; an organisation by its id. */
function requesterText(requester: string): string {
  const known = CLASSES.find((one) => one === requester);
  return known === undefined ? requester : words.requesters[known];
}
