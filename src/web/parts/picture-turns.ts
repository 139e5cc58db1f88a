import { useCallback, useEffect, useRef } from 'react';

/** A browser keeps six connections to a node; some are to be free for what people ask for meanwhile. */
const AT_ONCE = 3;

interface Turn {
  readonly begin: () => void;
}

const waiting: Turn[] = [];
const running = new Set<Turn>();
/** Nothing begins before. */
let heldUntil = 0;
let goingOn: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls `begin` when it is the turn of what is shown here to load: few do at a time, in the order in which
 * they came. What it returns ends the turn, which ends by itself when nothing is shown any more.
 */
export function useTurn(begin: () => void): () => void {
  const ending = useRef(() => {});
  useEffect(() => {
    ending.current = takeTurn(begin);
    return () => ending.current();
  }, [begin]);
  return useCallback(() => ending.current(), []);
}

/** Lets nothing more begin for so long. */
export function holdTurns(ms: number): void {
  heldUntil = Math.max(heldUntil, performance.now() + ms);
  goingOn ??= setTimeout(goOn, ms);
}

function goOn(): void {
  const left = heldUntil - performance.now();
  goingOn = left > 0 ? setTimeout(goOn, left) : undefined;
  fill();
}

function takeTurn(begin: () => void): () => void {
  const turn = { begin };
  waiting.push(turn);
  fill();
  return () => {
    const at = waiting.indexOf(turn);
    if (at >= 0) waiting.splice(at, 1);
    if (running.delete(turn)) fill();
  };
}

function fill(): void {
  while (goingOn === undefined && running.size < AT_ONCE) {
    const turn = waiting.shift();
    if (turn === undefined) return;
    running.add(turn);
    turn.begin();
  }
}
