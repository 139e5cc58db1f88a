import { nodeName } from './node-words.tsx';
import type { NodeCopies, NodeHistory } from './partner-queries.ts';

/** How one node was at one moment. */
export interface Sample {
  readonly at: Date;
  readonly did: string;
  readonly wanted: number;
  readonly proven: number;
  readonly lost: number;
  readonly isConnected: boolean;
  /** Entries of the log that it lacks; null before its first word. */
  readonly lacks: number | null;
}

/** Of what is seen while the page is open; more than anybody looks at, and the oldest go first. */
const MOST = 2000;

/** Returns what the node has noted. */
export function samplesOf(histories: readonly NodeHistory[]): readonly Sample[] {
  return histories.flatMap(({ did, samples }) =>
    samples.map(({ at, wanted, proven, lost, connected, toGive }) => ({
      ...{ at: new Date(at), did, wanted, proven, lost },
      ...{ isConnected: connected, lacks: toGive },
    })),
  );
}

/** Adds how the others are now to what was seen before, where it is otherwise; the same array if nothing is. */
export function withSeen(seen: readonly Sample[], nodes: readonly NodeCopies[]): readonly Sample[] {
  const at = new Date();
  const now = nodes
    .filter(({ isThisHome }) => !isThisHome)
    .map(({ did, wanted, proven, lost, connected, level }) => ({
      ...{ at, did, wanted, proven, lost },
      ...{ isConnected: connected, lacks: level?.toGive ?? null },
    }))
    .filter((one) => isChange(one, seen));
  return now.length === 0 ? seen : [...seen, ...now].slice(-MOST);
}

/** Leaves out what is as it was the time before. */
export function changesIn(samples: readonly Sample[]): readonly Sample[] {
  const last = new Map<string, Sample>();
  return samples.filter((one) => {
    const before = last.get(one.did);
    last.set(one.did, one);
    return before === undefined || !isSame(before, one);
  });
}

/** Returns by the key of a node what to call it. */
export function namesOf(
  nodes: readonly NodeCopies[],
  histories: readonly NodeHistory[],
): ReadonlyMap<string, string> {
  return new Map([
    ...histories.map(({ did, name }) => [did, name || `…${did.slice(-8)}`] as const),
    ...nodes.map((node) => [node.did, nodeName(node)] as const),
  ]);
}

function isChange(one: Sample, before: readonly Sample[]): boolean {
  const last = before.findLast(({ did }) => did === one.did);
  return last === undefined || !isSame(last, one);
}

function isSame(one: Sample, other: Sample): boolean {
  return (
    one.proven === other.proven &&
    one.wanted === other.wanted &&
    one.lost === other.lost &&
    one.lacks === other.lacks &&
    one.isConnected === other.isConnected
  );
}
