import type { ReactNode } from 'react';
import type { Verdict } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';

const words = TEXT.asset;

/** The five gates as a checklist; each opens to its rules, and to the statements that these rest on. */
export function Gates({ verdict }: { readonly verdict: Verdict }): ReactNode {
  return (
    <section>
      <h2>{words.gates}</h2>
      <p className={`answer answer-${verdict.verdict}`}>{words.answers[verdict.verdict]}</p>
      <p className="asked">
        {words.asked(verdict.policy, verdict.for)} {words.level}: {verdict.level}.
      </p>
      {verdict.level === 'H0' && <p className="asked">{words.noEvidence}</p>}
      <div className="gates">
        {verdict.gates.map((gate) => (
          <Gate key={gate.gate} gate={gate} />
        ))}
      </div>
    </section>
  );
}

function Gate({ gate: { gate, pass, rules } }: { readonly gate: Verdict['gates'][number] }) {
  const fails = gate === 'Evidence' ? words.fails.Evidence : words.fails.other;
  return (
    <details>
      <summary>
        <span className={pass ? 'mark mark-pass' : 'mark'} aria-hidden="true">
          {pass ? '✓' : '–'}
        </span>
        <span className="gate-asks">{words.gateNames[gate]}</span>
        <strong>{pass ? words.passes : fails}</strong>
      </summary>
      <ul className="rules">
        {rules.map((rule) => (
          <li key={rule.rule}>
            <span className={rule.pass ? 'mark mark-pass' : 'mark'} aria-hidden="true">
              {rule.pass ? '✓' : '–'}
            </span>
            <div>
              <p dir="auto">
                {rule.text} <code>{[rule.rule, rule.code].filter(Boolean).join(' ')}</code>
              </p>
              {rule.entries.length > 0 && (
                <>
                  <p className="asked">{words.entries}</p>
                  {rule.entries.map((entry) => (
                    <code key={entry} className="entry">
                      {entry}
                    </code>
                  ))}
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
