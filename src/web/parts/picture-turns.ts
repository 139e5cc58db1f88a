import { useCallback, useEffect, useRef, useState } from 'react';

/** A browser keeps six connections to a node; some are to be free for what people ask for meanwhile. */
const AT_ONCE = 3;

/** So long after somebody has typed nothing begins: what is found comes first, and is other works. */
const HELD_MS = 200;

interface Turn {
  readonly begin: () => void;
}

const waiting: Turn[] = [];
const running = new Set<Turn>();
let isHeld = false;
let goingOn: ReturnType<typeof setTimeout> | undefined;

/**
 * Says whether it is the turn of what is shown here to load: few do at a time, in the order in which they
 * came. What it returns besides ends the turn, which ends by itself when nothing is shown any more.
 */
export function useTurn(): readonly [hasBegun: boolean, end: () => void] {
  const [hasBegun, setBegun] = useState(false);
  const ending = useRef(() => {});
  useEffect(() => {
    ending.current = takeTurn(() => setBegun(true));
    return () => ending.current();
  }, []);
  return [hasBegun, useCallback(() => ending.current(), [])];
}

/** Lets nothing more begin for a moment. */
export function holdTurns(): void {
  isHeld = true;
  clearTimeout(goingOn);
  goingOn = setTimeout(() => {
    isHeld = false;
    fill();
  }, HELD_MS);
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
  while (!isHeld && running.size < AT_ONCE) {
    const turn = waiting.shift();
    if (turn === undefined) return;
    running.add(turn);
    turn.begin();
  }
}
