import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Choice } from '../parts/choice.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { historyOf, type NodeCopies } from './partner-queries.ts';
import { namesOf, type Sample, samplesOf, withSeen } from './samples.ts';
import { type Measure, WatchChart } from './watch-chart.tsx';
import { WatchTable } from './watch-table.tsx';

const words = TEXT.partners.watch;

const MEASURES = (['proven', 'lacks'] as const).map((value) => ({
  value,
  label: words.measures[value].choice,
}));
const SPANS = (['1', '7', '30', '90'] as const).map((value) => ({
  value,
  label: words.spans[value],
}));

/** What was seen since the pages were opened, on top of what the node has noted. */
let seen: readonly Sample[] = [];

/** How partners have been, as a chart, in words and as a table. */
export function Watch({ nodes }: { readonly nodes: readonly NodeCopies[] }): ReactNode {
  const [measure, setMeasure] = useState<Measure>('proven');
  const [days, setDays] = useState<keyof typeof words.spans>('7');
  const { data, error, refetch } = useQuery(historyOf(Number(days)));
  const [live, setLive] = useState(seen);
  useEffect(() => {
    seen = withSeen(seen, nodes);
    setLive(seen);
  }, [nodes]);
  const samples = useMemo(
    () => [...samplesOf(data ?? []), ...live].sort((a, b) => a.at.getTime() - b.at.getTime()),
    [data, live],
  );
  const names = useMemo(() => namesOf(nodes, data ?? []), [nodes, data]);
  return (
    <div className="watch">
      <h3>{words.title}</h3>
      <p className="partners-note">{words.note}</p>
      <div className="watch-choices">
        <Choice label={words.shown} options={MEASURES} value={measure} onChoose={setMeasure} />
        <Choice label={words.over} options={SPANS} value={days} onChoose={setDays} />
      </div>
      {error && data === undefined && <Failure error={error} retry={() => void refetch()} />}
      {!error && data === undefined && <Loading />}
      {data !== undefined && (
        <>
          <WatchChart samples={samples} names={names} measure={measure} />
          <Summaries samples={samples} names={names} />
          <WatchTable samples={samples} names={names} />
        </>
      )}
    </div>
  );
}

/** A sentence for each node, for whoever reads no charts. */
function Summaries({
  samples,
  names,
}: {
  readonly samples: readonly Sample[];
  readonly names: ReadonlyMap<string, string>;
}): ReactNode {
  const byNode = Map.groupBy(samples, ({ did }) => did);
  return (
    <ul className="watch-summaries">
      {[...byNode].map(([did, all]) => {
        const last = all.at(-1);
        const connected = all.filter(({ isConnected }) => isConnected).length;
        const lacked = all.reduce((most, { lacks }) => Math.max(most, lacks ?? 0), 0);
        const missing = last === undefined ? 0 : last.wanted - last.proven;
        return (
          <li key={did}>
            <strong>
              <bdi>{names.get(did)}</bdi>
            </strong>{' '}
            {words.was(countText(connected), countText(all.length), countText(lacked))}
            {missing > 0 && ` ${words.nowLacks(countText(missing))}`}
            {last !== undefined && last.lost > 0 && ` ${words.lost(countText(last.lost))}`}
          </li>
        );
      })}
    </ul>
  );
}
