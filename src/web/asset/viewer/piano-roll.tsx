import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { beginningOf } from '../../api/asset-queries.ts';
import type { Asset } from '../../api/queries.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import { TEXT } from '../../text/english.ts';
import { countText } from '../../text/figures.ts';
import { type MidiPiece, midiNotes } from './midi-notes.ts';

const words = TEXT.asset.viewer.midi;

const MOST = 4 * 1024 * 1024;

/** The notes of a MIDI file, as a piano roll: time goes to the right, higher notes stand higher. */
export function PianoRoll({ asset }: { readonly asset: Asset }): ReactNode {
  const { data, error, refetch } = useQuery(beginningOf(asset.cid, MOST));
  const piece = useMemo(() => (data?.isAll ? pieceIn(data.bytes) : undefined), [data]);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (piece === undefined || piece.notes.length === 0) {
    return <p className="mat mat-type">{data.isAll ? words.none : words.tooLarge}</p>;
  }
  const { notes, seconds, isCut } = piece;
  const parts = new Set(notes.map(({ channel }) => channel)).size;
  const told = words.told(countText(notes.length), countText(parts), clockText(seconds));
  return (
    <figure className="sheet">
      <Roll piece={piece} label={`${asset.title || TEXT.collection.noTitle}. ${told}`} />
      <figcaption className="asked">
        {told} {isCut && words.cut} {words.silent}
      </figcaption>
    </figure>
  );
}

function Roll({ piece, label }: { readonly piece: MidiPiece; readonly label: string }): ReactNode {
  const { notes, seconds } = piece;
  const low = notes.reduce((least, { key }) => Math.min(least, key), 127);
  const high = notes.reduce((most, { key }) => Math.max(most, key), 0);
  const rows = high - low + 3;
  const parts = Map.groupBy(notes, ({ channel }) => channel);
  return (
    <svg
      className="roll"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(seconds, 1)} ${rows}`}
      preserveAspectRatio="none"
    >
      {[...parts].map(([channel, played], place) => (
        <path
          key={channel}
          className={`roll-part-${place % 4}`}
          d={played
            .map(({ from, to, key }) => `M${from.toFixed(3)} ${high - key + 1.5}H${to.toFixed(3)}`)
            .join('')}
        />
      ))}
    </svg>
  );
}

function pieceIn(bytes: ArrayBuffer): MidiPiece | undefined {
  try {
    return midiNotes(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
