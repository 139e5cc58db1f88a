import type { z } from 'zod';
import type { Unchanged } from '../../core/unchanged.ts';
import type { Archive } from '../archive.ts';

/** How far a long piece of work is. Parts that are not known are left out. */
export interface Progress {
  readonly files?: number | undefined;
  readonly expectedFiles?: number | undefined;
  readonly bytes?: number | undefined;
  readonly expectedBytes?: number | undefined;
}

/** What an operation tells whoever asked for it while it runs, and how it learns that it is to stop. */
export interface Telling<Item = unknown> {
  readonly signal: AbortSignal;
  progress(what: string, done: Progress): void;
  /** Something that the person should know, as a sentence. */
  notice(text: string): void;
  /** Hands on one item of a stream; resolves when there is room for the next. */
  item(item: Item): Promise<void>;
}

/** The two truths, without the catalog, and what is done with the home as a whole. */
export type Stores = Pick<
  Archive,
  | 'content'
  | 'served'
  | 'ledger'
  | 'feeds'
  | 'backups'
  | 'sha256'
  | 'neighbours'
  | 'inspectors'
  | 'settings'
  | 'replica'
>;

interface OperationOf<Opens, Parts, Input, Result, Item> {
  /** Names it between command line and node: `release.cut`. */
  readonly name: string;
  /** What has to be open: packs and ledger, or the catalog as well, caught up or as it was left. */
  readonly opens: Opens;
  /** Whether it changes the archive, or files elsewhere. */
  readonly changes: boolean;
  /** Whether its result has a secret that is told once: nothing of it may be written down. */
  readonly tellsSecret?: true;
  /** Operations of the same lane are done one after another; without one, at any time. */
  readonly lane?: 'intake' | 'cut';
  /** Reads an input that comes from outside. What it gives is the same plain JSON. */
  readonly input: z.ZodType<Input>;
  /**
   * Describes what `run` gives, for whoever asks over HTTP, and says its type. It is not checked at run
   * time: a report of a million problems is not walked twice.
   */
  readonly result: z.ZodType<Result>;
  /** Describes each item of a stream, likewise. Without it there is none. */
  readonly item?: z.ZodType<Item>;
  /** Result and items are plain JSON. @throws {ArchiveError} as the use case. */
  run(parts: Parts, input: Input, telling: Telling<Item>): Promise<Result>;
}

/**
 * One user's verb, in a form that travels: whoever has the archive open runs it, be it the process of
 * the command line or the running node.
 */
export type Operation<Input, Result, Item = never> =
  | OperationOf<'archive' | 'stale-archive', Archive, Input, Result, Item>
  | OperationOf<'stores', Stores, Input, Result, Item>;

/** An operation of which only the name is known. Its input is read before it is run. */
// biome-ignore lint/suspicious/noExplicitAny: each operation reads its own input.
export type AnyOperation = Operation<any, unknown, any>;

/** What a schema describes, in a form that nobody changes. */
export type Described<Schema extends z.ZodType> = Unchanged<z.output<Schema>>;

/** Returns the operation as it is; the types of input, result and items are those of its schemas. */
export function createOperation<
  Input,
  Result extends z.ZodType,
  Item extends z.ZodType = z.ZodNever,
>(
  operation: Operation<Input, Described<Result>, Described<Item>> & {
    readonly result: Result;
    readonly item?: Item;
  },
): Operation<Input, Described<Result>, Described<Item>> {
  return operation;
}
