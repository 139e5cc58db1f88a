import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Operation } from '../../src/archive/operations/operation.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { documents, runCommand } from './command.ts';
import { spawnNode, type TestNode } from './running-node.ts';

/** Where a node runs. */
export interface Place {
  /** What comes before its command; nothing for this machine. */
  readonly prefix: readonly string[];
  /** The address at which others reach it. */
  readonly p2p: string;
}

/** What an ingest is asked for besides its paths. */
export const FILES_ALONE = {
  collection: 'main',
  all: false,
  hidden: false,
  custody: false,
  dryRun: false,
  measured: false,
} as const;

/** What a declaration says of an asset. */
export function madeByHand(asset: string) {
  return {
    subject: { assets: [asset] },
    sourceType: 'digitalCreation',
    generative: 'unstated' as const,
    tools: [],
  };
}

type Document = Readonly<Record<string, unknown>>;

/** A home with the real node in it, which can be ended and started again. Disposal kills the node. */
export class TrialNode implements AsyncDisposable {
  readonly home: string;
  readonly place: Place;
  #node: TestNode | undefined;

  constructor(home: string, place: Place) {
    this.home = home;
    this.place = place;
  }

  /** The node as it was last started. */
  get node(): TestNode {
    if (this.#node === undefined) throw new Error(`no node was started in ${this.home}`);
    return this.#node;
  }

  /** Starts the node and does not wait for it. */
  spawn(): TestNode {
    const { prefix, p2p } = this.place;
    this.#node = spawnNode(prefix, this.home, '--listen', '127.0.0.1:0', '--p2p', p2p);
    return this.#node;
  }

  /** Starts the node and waits until it runs. */
  async start(): Promise<TestNode> {
    const node = this.spawn();
    await node.logged(({ event }) => event === 'started');
    return node;
  }

  /** Runs a verb as a process of its own, and returns what it says in the end. */
  async run(...words: readonly string[]): Promise<Document> {
    const { prefix } = this.place;
    const ran = await runCommand(['--home', this.home, '--json', ...words], { prefix });
    expect(ran, words.join(' ')).toMatchObject({ status: EXIT.done });
    return documents(ran).at(-1) as Document;
  }

  /**
   * Has the running node do something, as the command line would, and returns the result.
   *
   * @throws {ArchiveError} as `askNode`; `aborted` where no node runs.
   */
  async ask<Input, Result, Item>(
    operation: Operation<Input, Result, Item>,
    input: Input,
    onItem: (item: Item) => void = () => undefined,
  ): Promise<Result> {
    const asked = await askNode(this.home, operation.name, input, {
      signal: new AbortController().signal,
      progress: () => undefined,
      notice: () => undefined,
      // The node runs the same operation.
      item: async (item) => onItem(item as Item),
    });
    if (asked === undefined) throw new ArchiveError('aborted', `no node runs in ${this.home}`);
    return asked.result as Result;
  }

  /** Changes the settings of the home; the node has to be started after that. */
  configure(change: (settings: Record<string, Document>) => Document): void {
    const path = join(this.home, 'ringfence.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node?.[Symbol.asyncDispose]();
  }
}
