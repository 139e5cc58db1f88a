import './gates.css';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { statementsOf, type Verdict } from '../api/asset-queries.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { Statement } from './statement.tsx';

const words = TEXT.asset;

/** The five gates as a checklist; each opens to its rules, and to who said what these rest on, and when. */
export function Gates({ verdict }: { readonly verdict: Verdict }): ReactNode {
  return (
    <>
      <div className={`answer answer-${verdict.verdict}`}>
        <p className="answer-word">{words.answers[verdict.verdict]}</p>
        <p className="asked">
          {words.level}: {words.levels[verdict.level]} ({verdict.level}).{' '}
          {verdict.level === 'H0' && words.noEvidence}{' '}
          {verdict.validUntil && words.until(timeText(verdict.validUntil))}
        </p>
      </div>
      <div className="gates">
        {verdict.gates.map((gate) => (
          <Gate key={gate.gate} cid={verdict.cid} gate={gate} />
        ))}
      </div>
    </>
  );
}

type AGate = Verdict['gates'][number];

function Gate({ cid, gate }: { readonly cid: string; readonly gate: AGate }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const fails = gate.gate === 'Evidence' ? words.fails.Evidence : words.fails.other;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <Mark isPass={gate.pass} />
        <span className="gate-asks">{words.gateNames[gate.gate]}</span>
        <strong>{gate.pass ? words.passes : fails}</strong>
      </summary>
      {isOpen && <Rules cid={cid} gate={gate} />}
    </details>
  );
}

function Rules({ cid, gate: { rules } }: { readonly cid: string; readonly gate: AGate }) {
  const ids = [...new Set(rules.flatMap(({ entries }) => entries))].slice(0, MOST);
  const { data, error } = useQuery({ ...statementsOf(cid, ids), enabled: ids.length > 0 });
  return (
    <ul className="rules">
      {rules.map((rule) => (
        <li key={rule.rule}>
          <Mark isPass={rule.pass} />
          <div>
            <p dir="auto">
              {rule.text} <code>{[rule.rule, rule.code].filter(Boolean).join(' ')}</code>
            </p>
            {rule.entries.length > 0 && (
              <>
                <p className="asked">{words.entries(rule.entries.length)}</p>
                {rule.entries.slice(0, MOST).map((id) => {
                  const said = data?.get(id);
                  return said === undefined ? (
                    <code key={id} className="long">
                      {id}
                    </code>
                  ) : (
                    <Statement key={id} said={said} />
                  );
                })}
              </>
            )}
          </div>
        </li>
      ))}
      {error && (
        <li>
          <Failure error={error} />
        </li>
      )}
    </ul>
  );
}

/** Statements of one gate that are looked up: a work with more has its timeline. */
const MOST = 200;

function Mark({ isPass }: { readonly isPass: boolean }): ReactNode {
  return (
    <span className={isPass ? 'mark mark-pass' : 'mark'} aria-hidden="true">
      {isPass ? '✓' : '–'}
    </span>
  );
}
