import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { syncFolder, writeDurably } from '../../content/packs/durable-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import {
  OBJECTION_REASONS,
  type Objection,
  type ObjectionReason,
  type Objections,
} from '../../core/ports/objections.ts';
import { assetCid } from '../../core/statements/fields.ts';

const moment = z.iso.datetime({ precision: 0 });

const objection = z.strictObject({
  id: z.string().regex(/^obj_[0-9a-f]{16}$/),
  receipt: z.string().regex(/^[0-9a-f]{64}$/),
  asset: assetCid,
  // The keys are reasons by their type.
  reason: z.enum(Object.keys(OBJECTION_REASONS) as ObjectionReason[]),
  text: z.string(),
  at: moment,
  deadline: moment,
  answer: z
    .strictObject({ outcome: z.enum(['upheld', 'dismissed']), text: z.string(), at: moment })
    .nullable(),
  stop: z.string().nullable(),
}) satisfies z.ZodType<Objection>;

const ENDING = '.json';

/** `objections/` of a home: a file for each (mode 0600), so that what is deleted is gone from the disk. */
export class ObjectionFiles implements Objections {
  readonly #folder: string;
  readonly #known: Map<string, Objection>;
  #lastChange: Promise<unknown> = Promise.resolve();

  /** @throws {ArchiveError} `home_corrupt`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#known = new Map(read(folder).map((one) => [one.id, one]));
  }

  list(): readonly Objection[] {
    return [...this.#known.values()];
  }

  add(one: Objection): Promise<void> {
    return this.#put(one);
  }

  change<Next extends Objection | undefined>(
    id: string,
    next: (current: Objection | undefined) => Promise<Next>,
  ): Promise<Next> {
    const changed = this.#lastChange.then(async () => {
      const current = this.#known.get(id);
      const made = await next(current);
      if (made === undefined) await this.#remove(id);
      else if (made !== current) await this.#put(made);
      return made;
    });
    this.#lastChange = changed.catch(() => {});
    return changed;
  }

  async #put(one: Objection): Promise<void> {
    await onFile(this.#folder, async () => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeDurably(this.#pathOf(one.id), `${JSON.stringify(one, null, 2)}\n`, 0o600);
    });
    this.#known.set(one.id, one);
  }

  async #remove(id: string): Promise<void> {
    if (!this.#known.has(id)) return;
    await onFile(this.#folder, async () => {
      rmSync(this.#pathOf(id), { force: true });
      syncFolder(this.#folder);
    });
    this.#known.delete(id);
  }

  #pathOf(id: string): string {
    return join(this.#folder, id + ENDING);
  }
}

function read(folder: string): readonly Objection[] {
  const names = namesIn(folder);
  // What was being written when a node was killed has somebody's words in it.
  for (const name of names.filter((one) => one.endsWith('.new'))) {
    rmSync(join(folder, name), { force: true });
  }
  const kept = names.filter((one) => one.endsWith(ENDING));
  const found = kept.map((name) => {
    const path = join(folder, name);
    try {
      return objection.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (cause) {
      const text = `${path} cannot be used; restore it, or remove it and answer by other means`;
      throw new ArchiveError('home_corrupt', text, { cause });
    }
  });
  return found.sort((a, b) => (a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ArchiveError('home_corrupt', `${folder} cannot be read`, { cause: error });
  }
}
