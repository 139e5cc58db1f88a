import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../api/client.ts';
import { saveText } from '../parts/save-text.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { Alarm } from './alarm.tsx';
import type { Growth, LogCheck } from './check-log.ts';
import { Check, Checks } from './checks.tsx';
import { forgetLog } from './remembered.ts';

const words = TEXT.audit.checks;

/** What this browser has found out about the log: each point, and what it was checked against. */
export function LogChecks({
  log,
  error,
  again,
}: {
  readonly log: LogCheck | undefined;
  readonly error: Error | null;
  readonly again: () => void;
}): ReactNode {
  if (error instanceof Refusal || error instanceof TypeError) {
    return <Failure error={error} retry={again} />;
  }
  if (error) return <Alarm title={words.broken} text={error.message} />;
  if (log === undefined) return <Loading />;
  const { size } = log.tree;
  return (
    <Checks>
      <Check holds title={words.signed(countText(size))} names={[[words.key, log.node]]}>
        {words.signedBy}
      </Check>
      <Grown log={log} growth={log.growth} />
      {log.confirmed === null ? (
        <Check title={words.unconfirmed}>{words.unconfirmedBy}</Check>
      ) : (
        <Check
          holds
          title={words.confirmed(log.confirmed.by.length, countText(log.confirmed.size))}
          names={log.confirmed.by.map(({ key, name, time }) => [
            `${name || words.cosigner}, ${timeText(new Date(time * 1000).toISOString())}`,
            key,
          ])}
        >
          {words.confirmedBy}
        </Check>
      )}
      <li className="checks-actions">
        <button
          type="button"
          className="control"
          onClick={() => saveText('checkpoint.txt', log.note)}
        >
          {words.save}
        </button>
      </li>
    </Checks>
  );
}

function Grown({ log, growth }: { readonly log: LogCheck; readonly growth: Growth }): ReactNode {
  const queries = useQueryClient();
  if (growth.is === 'first') return <Check title={words.first}>{words.firstBy}</Check>;
  if (growth.is === 'grown') {
    return (
      <Check holds title={words.grown(countText(growth.from))}>
        {words.grownBy(timeText(growth.seen))}
      </Check>
    );
  }
  const { before } = growth;
  const accept = () => {
    forgetLog(log.node);
    void queries.invalidateQueries({ queryKey: ['log-check', log.node] });
  };
  return (
    <li>
      <Alarm
        title={words.alarms[growth.is]}
        text={words.alarmTexts[growth.is](timeText(before.seen))}
      >
        <p className="alarm-actions">
          <button
            type="button"
            className="control"
            onClick={() => saveText('two-logs.txt', `${before.note}\n\n${log.note}`)}
          >
            {words.saveBoth}
          </button>
          <button type="button" className="control" onClick={accept}>
            {words.accept}
          </button>
        </p>
      </Alarm>
    </li>
  );
}
