import type { AskedNode } from './ask-node.ts';

/** A consent that is to be withdrawn: the work, and its maker's code. */
export interface Consented {
  readonly asset: string;
  readonly code: string;
}

/** What one withdrawal took, in milliseconds from the moment it was sent to the node on. */
export interface Withdrawal {
  /** Until it was durable. */
  readonly recorded: number;
  /** Until the bytes of the work were refused, and until the release was served without it. */
  readonly refused: number;
  readonly served: number;
  /** Until metadata and checksums of the revision were there. */
  readonly tables: number;
  /** The same at the partner, where there is one. */
  readonly partner: Omit<Withdrawal, 'recorded' | 'partner'> | null;
}

/** Withdraws consents one after another, each when the tables of the revision before are there. */
export async function measure(
  consents: readonly Consented[],
  node: AskedNode,
  partner: AskedNode | undefined,
): Promise<readonly Withdrawal[]> {
  const all: Withdrawal[] = [];
  for (const { asset, code } of consents) {
    const started = performance.now();
    const since = async (done: Promise<unknown>) => {
      await done;
      return Math.round(performance.now() - started);
    };
    const gone = all.length + 1;
    const obeyed = async (by: AskedNode) => {
      const [refused, served] = await Promise.all([
        since(by.refuses(asset)),
        since(serves(by, gone)),
      ]);
      return { refused, served, tables: await since(by.sums(gone)) };
    };
    const [recorded, here, there] = await Promise.all([
      since(node.withdraw(code)),
      obeyed(node),
      partner && obeyed(partner),
    ]);
    all.push({ recorded, ...here, partner: there ?? null });
  }
  return all;
}

/** Resolves when a node tells of so many withdrawals and sends each shard that it tells of. */
async function serves(node: AskedNode, withdrawn: number): Promise<void> {
  const { shards } = await node.serves(withdrawn);
  for (const { name, cid } of shards) {
    const tag = await node.tagOf(name);
    if (tag !== `"${cid}"`) throw new Error(`${name} is sent as ${tag}, and told as ${cid}`);
  }
}
