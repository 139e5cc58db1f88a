/** The newest tree of one origin that this node has cosigned. */
export interface SeenTree {
  readonly size: number;
  readonly root: Uint8Array;
  /** The log's signed note over it. */
  readonly note: string;
}

/** Evidence that a log shows different histories: two signed notes that cannot both be true. */
export interface Split {
  readonly origin: string;
  readonly notes: readonly [string, string];
}

/** What a cosigner has seen of other nodes' trees, on disk. */
export interface CosignerMemory {
  latest(origin: string): SeenTree | undefined;

  /**
   * Remembers a tree, if the newest one known still has `oldSize` entries (0 if none is known), and says
   * whether it did. Durable when it returns.
   *
   * @throws {ArchiveError} `disk_full`; then nothing is remembered.
   */
  advance(origin: string, oldSize: number, tree: SeenTree): boolean;

  /** Keeps two notes of one origin that contradict each other. Durable when it returns. */
  keepSplit(origin: string, one: string, other: string): void;

  splits(): readonly Split[];
}
