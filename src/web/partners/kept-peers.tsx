import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { keyText } from './node-words.tsx';
import { connectedAt, type Peers } from './partner-queries.ts';

const words = TEXT.partners.kept;

type Called = Peers['called'][number];
type Around = Pick<Peers, 'connected' | 'complaints'>;

/** The addresses that this node keeps connected, whether each answers, and the way to name another. */
export function KeptPeers({ called, ...around }: Pick<Peers, 'called'> & Around): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState('');
  const address = typed.trim();
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/peers.add', { body: { address } })),
    onSuccess: async () => {
      setTyped('');
      await queries.invalidateQueries({ queryKey: ['peers'] });
    },
  });
  return (
    <>
      <h3 className="kept-title">{words.title}</h3>
      <p className="partners-note">{words.note}</p>
      {called.length > 0 && (
        <ul className="rows peers">
          {called.map((one) => (
            <Line key={one.address} called={one} {...around} />
          ))}
        </ul>
      )}
      <form
        className="kept-form"
        onSubmit={(event) => {
          event.preventDefault();
          mutate();
        }}
      >
        <label htmlFor={id}>{words.address}</label>
        <input
          id={id}
          className="control"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          placeholder="/ip4/192.0.2.7/tcp/4001/p2p/12D3Koo…"
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" className="control" disabled={address === '' || isPending}>
          {isPending ? TEXT.states.loading : words.add}
        </button>
      </form>
      {error && <Failure isAct error={error} />}
    </>
  );
}

function Line({
  called: { address, peer },
  connected,
  complaints,
}: { readonly called: Called } & Around): ReactNode {
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/peers.remove', { body: { address } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['peers'] }),
  });
  const there = connectedAt({ address, peer }, connected);
  // The newest comes last.
  const trouble = complaints.findLast(({ from }) => from === peer);
  return (
    <li>
      <p className="contact">
        <span className={there ? 'dot dot-on' : 'dot'} aria-hidden="true" />
        {there ? words.connected : words.called}{' '}
        {there && <bdi>{there.name || keyText(there.peer)}</bdi>}
      </p>
      <code>{address}</code>
      {!there && trouble && (
        <p className="partners-note" dir="auto">
          {timeText(new Date(trouble.at).toISOString())}: {words.why[trouble.code]} {trouble.text}
        </p>
      )}
      <p className="peers-actions">
        <button type="button" className="control" disabled={isPending} onClick={() => mutate()}>
          {words.remove}
          <span className="hidden"> {address}</span>
        </button>
      </p>
      {error && <Failure isAct error={error} />}
    </li>
  );
}
