import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { trustLists } from './governance-queries.ts';
import { Json } from './json.tsx';
import { TrustImport } from './trust-import.tsx';

const words = TEXT.governance.trust;

/** Whose word counts for what: the lists in force. */
export function TrustLists(): ReactNode {
  const { data, error, refetch } = useQuery(trustLists);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <section aria-labelledby="trust">
      <h2 id="trust">{words.title}</h2>
      <p className="soft">{words.note}</p>
      <ul className="rows">
        {data.map(({ name, cid, proposal, approvedBy }) => (
          <li key={name}>
            <p>
              <strong>{words.names[name] ?? name}</strong>{' '}
              {proposal === null ? words.charter : words.approved(countText(approvedBy.length))}
            </p>
            <List name={name} cid={cid} />
          </li>
        ))}
      </ul>
      <TrustImport />
    </section>
  );
}

/** Everything in a list, asked for when it is opened. */
function List({ name, cid }: { readonly name: string; readonly cid: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['trust', cid],
    queryFn: async ({ signal }) =>
      (await answered(api.POST('/api/v1/operations/trust.show', { body: { name }, signal })))
        .result,
    enabled: isOpen,
  });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.show}</summary>
      {error && <Failure error={error} />}
      {isOpen && !data && !error && <p className="soft">{TEXT.states.loading}</p>}
      {isOpen && data && <Json value={data.list} label={words.names[name] ?? name} />}
    </details>
  );
}
