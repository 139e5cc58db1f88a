import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../api/client.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { PolicyVersion } from './governance-queries.ts';

const words = TEXT.governance.change;

/** What is counted: the use that is asked about most. */
const QUESTION = { purpose: 'ai_generative_training', requester: 'anyone' } as const;

type Policy = PolicyVersion['policy'];

/** What one policy asks otherwise than another, in words, and which verdicts that changes. */
export function PolicyChange({
  before,
  after,
}: {
  readonly before: Policy;
  readonly after: Policy;
}): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['policy-change', before, after],
    queryFn: async ({ signal }) => {
      const both = {
        before: { ...before, type: 'policy' as const },
        after: { ...after, type: 'policy' as const },
      };
      const asked = { ...QUESTION, policy: both.before, other: both.after };
      const [diff, effect] = await Promise.all([
        answered(api.POST('/api/v1/operations/policy.diff', { body: both, signal })),
        answered(api.POST('/api/v1/operations/what-if', { body: asked, signal })),
      ]);
      return { differences: diff.result.differences, effect: effect.result };
    },
  });
  if (error) return <Failure error={error} />;
  if (data === undefined) return <p className="soft">{TEXT.states.loading}</p>;
  const { differences, effect } = data;
  const sum = (is: 'from' | 'to') =>
    effect.changes
      .filter((one) => one[is] === 'eligible')
      .reduce((all, one) => all + one.assets, 0);
  return (
    <div className="policy-change" role="status">
      {differences.length === 0 ? (
        <p>{words.same}</p>
      ) : (
        <ul className="policy-differences">
          {differences.map((line) => (
            <li key={line} className={line.includes('no longer') ? 'policy-less' : 'policy-more'}>
              {line}
            </li>
          ))}
        </ul>
      )}
      <p className="policy-effect">
        {words.effect(countText(sum('to')), countText(sum('from')), countText(effect.assets))}
      </p>
      <p className="soft">{words.question}</p>
      {effect.changes.length > 0 && (
        <details>
          <summary>{words.why}</summary>
          <ul className="policy-differences">
            {effect.changes.map(({ from, to, rule, code, assets }) => (
              <li key={`${from} ${to} ${rule} ${code}`}>
                {words.moved(countText(assets), words.answers[from], words.answers[to])}{' '}
                <code>
                  {rule} {code}
                </code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
