import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText, timeText } from '../text/figures.ts';
import { KeptPeers } from './kept-peers.tsx';
import { keyText, levelText } from './node-words.tsx';
import { peers } from './partner-queries.ts';

const words = TEXT.partners.peers;

const since = (ms: number) => timeText(new Date(ms).toISOString());

/** Who is connected at this moment, where this node is reached, and what went wrong with whom. */
export function Connections(): ReactNode {
  const { data, error, refetch } = useQuery(peers);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { connected, addresses, called, troubles, complaints } = data;
  return (
    <section aria-labelledby="peers">
      <h2 id="peers">{words.title}</h2>
      {connected.length === 0 && <p className="partners-note">{words.none}</p>}
      {connected.length > 0 && (
        <ul className="rows peers">
          {connected.map((one) => (
            <li key={`${one.peer} ${one.since}`}>
              <p dir="auto">
                <strong>{one.name || keyText(one.peer)}</strong> {words.standing[one.standing]}
                {one.roles.length > 0 && ` (${one.roles.join(', ')})`}
              </p>
              <p className="partners-note">
                {words.since(words.direction[one.direction], since(one.since))}{' '}
                {words.sent(sizeText(one.sentBytes), sizeText(one.receivedBytes))}{' '}
                {levelText(one.level)}.
              </p>
              <code>{one.address}</code>
            </li>
          ))}
        </ul>
      )}
      <KeptPeers called={called} connected={connected} complaints={complaints} />
      <details>
        <summary>{words.addresses(countText(addresses.length))}</summary>
        {addresses.map((address) => (
          <p key={address}>
            <CopyText text={address} label={words.address} />
          </p>
        ))}
      </details>
      {troubles.length + complaints.length > 0 && (
        <details>
          <summary>{words.troubles(countText(troubles.length + complaints.length))}</summary>
          <ul className="rows peers">
            {troubles.map(({ peer, text, at }) => (
              <li key={`${peer} ${text}`} dir="auto">
                {since(at)}, {keyText(peer)}: {text}
              </li>
            ))}
            {complaints.map(({ from, text, count, at }) => (
              <li key={`${from} ${text}`} dir="auto">
                {since(at)}, {countText(count)} ×, {from.startsWith('did:') ? keyText(from) : from}:{' '}
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
