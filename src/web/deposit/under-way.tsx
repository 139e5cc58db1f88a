import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { TEXT } from '../text/english.ts';
import { countText, sizeText } from '../text/figures.ts';
import { deposit, type Sending, type Standing } from './deposit-queue.ts';
import { Leftover } from './leftover.tsx';
import { findingsIn } from './told-findings.ts';

const words = TEXT.deposit;

/** So often at most is progress read out. */
const SAID_MS = 5000;

/** How far a deposit is, in all and file by file; what failed and why comes first. */
export function UnderWay({
  standing,
  onDone,
}: {
  readonly standing: Standing;
  readonly onDone: () => void;
}): ReactNode {
  const { files, sentBytes, totalBytes, isStopped, told } = standing;
  const open = files.waiting + files.sending + files.sent;
  const all = open + files.done + files.failed;
  const isOver = open === 0;
  const said = words.standing(countText(files.done), countText(all), countText(files.failed));
  return (
    <section className="step">
      <h2>{isOver ? words.over : isStopped ? words.stopped : words.underWay}</h2>
      <progress
        className="total"
        aria-label={words.total}
        max={Math.max(1, totalBytes)}
        value={isOver ? Math.max(1, totalBytes) : sentBytes}
      />
      <p className="figures">
        <span>
          {said}
          {files.sent > 0 && `, ${words.beingTaken(countText(files.sent))}`}
        </span>
        <span>{words.bytes(sizeText(sentBytes), sizeText(totalBytes))}</span>
      </p>
      {!isOver && <p className="soft">{words.again}</p>}
      {told.map((text) => (
        <p key={text} className="soft" dir="auto">
          {text}
        </p>
      ))}
      <Said text={said} isNow={isOver} />
      <p className="buttons">
        {!isOver && (
          <button
            type="button"
            className="control"
            onClick={() => (isStopped ? deposit.goOn() : deposit.stop())}
          >
            {isStopped ? words.goOn : words.stop}
          </button>
        )}
        {files.failed > 0 && (
          <button type="button" className="control" onClick={() => deposit.retry()}>
            {words.retry(countText(files.failed))}
          </button>
        )}
        {isOver && (
          <button type="button" className="control control-main" onClick={onDone}>
            {words.another}
          </button>
        )}
      </p>
      <Leftover title={words.failed} items={deposit.filesThat('failed')} isOpen>
        {({ place, reason }) => (
          <li key={place} className="failed">
            <strong dir="auto">{place}</strong> <span dir="auto">{reason}</span>
          </li>
        )}
      </Leftover>
      <ul className="sending" aria-label={words.underWay}>
        {deposit.filesThat('sending').map(({ place, sentBytes: sent, file }) => (
          <li key={place}>
            <span dir="auto">{place}</span>
            <progress aria-label={place} max={Math.max(1, file.size)} value={sent} />
          </li>
        ))}
      </ul>
      <Leftover title={words.done} items={deposit.filesThat('done').toReversed()} isOpen>
        {(sending) => <Done key={sending.place} sending={sending} />}
      </Leftover>
    </section>
  );
}

function Done({ sending: { place, taken } }: { readonly sending: Sending }): ReactNode {
  const told = taken?.asset === undefined ? [words.before] : findingsIn(taken.asset);
  return (
    <li>
      <Link to="/assets/$cid" params={{ cid: taken?.cid ?? '' }}>
        <span dir="auto">{place}</span>
      </Link>
      <span className="told">{told.join(' · ')}</span>
    </li>
  );
}

/** Reads out how far it is now and then, and at its end. */
function Said({ text, isNow }: { readonly text: string; readonly isNow: boolean }): ReactNode {
  const [said, setSaid] = useState(text);
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    const timer = setInterval(() => setSaid(newest.current), SAID_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="hidden">
      {isNow ? text : said}
    </p>
  );
}
