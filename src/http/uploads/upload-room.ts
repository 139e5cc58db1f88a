import { statfsSync } from 'node:fs';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { rolesOf } from '../callers/roles.ts';

/** What may come in, as the home's settings say. */
export interface UploadSettings {
  /** Uploads that come in at once. */
  readonly atOnce: number;
  /** The largest file of each role that may record. */
  readonly mostBytes: Readonly<Record<'owner' | 'steward' | 'archivist', number>>;
  /** Hours that a resumable upload may take. */
  readonly keptHours: number;
  /** Room that uploads leave on the disks. */
  readonly keepFreeBytes: number;
}

/** Room is looked at again whenever so much has come in. */
const LOOK_BYTES = 16 * 1_048_576;

/** Who is to be let in, and what for. */
interface Coming {
  readonly caller: Caller;
  /** Bytes that are to come; undefined where nobody says. */
  readonly size: number | undefined;
}

/** The place of an upload until it is taken in; it is free again on disposal. */
export interface UploadPlace extends Disposable {
  /**
   * Counts bytes that have come.
   *
   * @throws {ArchiveError} `too_large`, `disk_full`.
   */
  take(bytes: number): void;
}

/**
 * Who may send how much, and how many at once. Bytes lie in the home until they are whole, and are written a
 * second time when they are taken in, so that twice as much room is needed.
 */
export class UploadRoom {
  /** Where bytes lie until they are taken in. */
  readonly #folder: string;
  readonly #settings: UploadSettings;
  readonly #archive: Pick<Archive, 'content' | 'ledger'>;
  /** Bytes that each upload is still to write, where it comes in and where it is taken in. */
  readonly #awaited = new Map<UploadPlace, number>();

  constructor(
    settings: UploadSettings,
    archive: Pick<Archive, 'content' | 'ledger' | 'scratchFolder'>,
  ) {
    this.#folder = archive.scratchFolder;
    this.#settings = settings;
    this.#archive = archive;
  }

  /**
   * Lets an upload in.
   *
   * @throws {ArchiveError} `too_large` for the caller's role; `busy`; `disk_full`.
   */
  enter({ caller, size }: Coming): UploadPlace {
    const most = this.mostBytes(caller);
    const told = size ?? 0;
    if (told > most) throw tooLarge(most);
    if (this.#awaited.size >= this.#settings.atOnce) {
      const text = `${this.#settings.atOnce} uploads are coming in already; send it a little later`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    this.demand(2 * told);
    let taken = 0;
    let lookedAt = 0;
    const place: UploadPlace = {
      take: (bytes) => {
        taken += bytes;
        if (taken > most) throw tooLarge(most);
        // Of what nobody has told, as much has to be written again as has come.
        this.#awaited.set(place, size === undefined ? taken : Math.max(0, 2 * size - taken));
        if (taken - lookedAt < LOOK_BYTES) return;
        lookedAt = taken;
        this.demand(0);
      },
      [Symbol.dispose]: () => void this.#awaited.delete(place),
    };
    this.#awaited.set(place, 2 * told);
    return place;
  }

  /** Returns how many bytes a file of this caller may have. */
  mostBytes(caller: Caller): number {
    const { mostBytes } = this.#settings;
    const roles = rolesOf(caller, this.#archive.ledger.self.organisation);
    const limits = roles.map((role) => (role in mostBytes ? mostBytes[role as 'owner'] : 0));
    return Math.max(0, ...limits);
  }

  /** @throws {ArchiveError} `disk_full` if there is no room for so much more than is awaited. */
  demand(more: number): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    const free = Math.min(bavail * bsize, this.#archive.content.freeBytes());
    const awaited = [...this.#awaited.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (free - awaited - more >= this.#settings.keepFreeBytes) return;
    throw new ArchiveError(
      'disk_full',
      'there is no room for this upload; free some, or send less',
      {
        retryable: true,
      },
    );
  }
}

function tooLarge(most: number): ArchiveError {
  return new ArchiveError('too_large', `a file from you may have ${most} bytes here, not more`);
}
