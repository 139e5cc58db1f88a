import type { ReactNode } from 'react';
import type { components } from '../../../.cache/web/described.d.ts';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { keyText } from './node-words.tsx';

const words = TEXT.partners.pass;

/** What the node's last look at what is missing here has come to. */
export function LastPass({
  pass: { at, report },
}: {
  readonly pass: { readonly at: string; readonly report: components['schemas']['Replication'] };
}): ReactNode {
  const { fetched, unmet, reasons, failures, halted } = report;
  return (
    <div className="last-pass">
      <p>
        {words.came(timeText(at), countText(fetched), countText(unmet))}
        {halted && ` ${words.halted[halted]}`}
      </p>
      {reasons.length + failures.length > 0 && (
        <ul>
          {reasons.map(({ peer, because, assets }) => (
            <li key={`${peer} ${because}`}>
              {words.because[because](keyText(peer), countText(assets))}
            </li>
          ))}
          {failures.map(({ peer, text }) => (
            <li key={`${peer} ${text}`} dir="auto">
              {keyText(peer)}: {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
