/** A browser keeps six connections to a node; some are to be free for what people ask for meanwhile. */
const AT_ONCE = 3;

interface Turn {
  readonly begin: () => void;
}

const waiting: Turn[] = [];
const running = new Set<Turn>();

/**
 * Calls `begin` when few enough others are loading, in the order in which they came. What it returns ends
 * the turn, whether it has come or not.
 */
export function takeTurn(begin: () => void): () => void {
  const turn = { begin };
  waiting.push(turn);
  next();
  return () => {
    const at = waiting.indexOf(turn);
    if (at >= 0) waiting.splice(at, 1);
    if (running.delete(turn)) next();
  };
}

function next(): void {
  const turn = running.size < AT_ONCE ? waiting.shift() : undefined;
  if (turn === undefined) return;
  running.add(turn);
  turn.begin();
}
