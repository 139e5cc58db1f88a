import type { CredentialList } from '../policy/credential-list.ts';
import type { SourceSignal } from '../reservations/signal.ts';

/** Why something that was met while walking is left out without being wrong. */
export type SkipReason =
  /** Its name begins with a dot and hidden files were not asked for. */
  | 'hidden'
  /** It is named in `exclude`. */
  | 'excluded'
  /** A link to something inside the offered tree, which is walked under its own name. */
  | 'link-inside'
  /** A link to something outside the offered tree, which is never followed. */
  | 'link-outside'
  /** It was offered already, through another of the PATHs. */
  | 'repeated'
  /** It keeps the head of the response that the file beside it came in. */
  | 'companion';

/** How a file was fetched from a source, as somebody recorded it. */
export interface Fetched {
  /** Address of the response; null where only its head was kept. */
  readonly address: string | null;
  /** What the source reserves for the file. */
  readonly signals: readonly SourceSignal[];
}

/** A regular file that is offered to the archive. */
export interface FileOffer {
  readonly kind: 'file';
  /** Absolute path in its exact bytes, for opening. */
  readonly path: Uint8Array;
  /**
   * The file's own name as text: UTF-8 as it is, other bytes as `\xNN`, reversibly.
   * It may hold newlines and control characters.
   */
  readonly name: string;
  /**
   * Where the file lies within what was offered, as text in the same form, `/` between parts;
   * begins with the base name of the offered PATH (of the folder itself for `.`).
   */
  readonly relative: string;
  /** Bytes, when it was met. */
  readonly size: number;
  /** Modification time when it was met, milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Where there is a record of how it was fetched. */
  readonly fetched?: Fetched | undefined;
}

/** Something that was met and left out on purpose; `relative` as in {@link FileOffer}. */
export interface SkippedOffer {
  readonly kind: 'skipped';
  readonly relative: string;
  readonly reason: SkipReason;
}

/** Something that was offered and cannot be taken; the walk goes on after it. */
export interface OfferProblem {
  readonly kind: 'problem';
  readonly code: 'file_unreadable' | 'input_invalid';
  readonly relative: string;
  /** A sentence that names the thing, what is wrong and what to do. */
  readonly text: string;
}

export type WalkItem = FileOffer | SkippedOffer | OfferProblem;

export interface WalkOptions {
  /** Takes files and folders whose names begin with a dot as well. An offered PATH is always taken. */
  readonly hidden?: boolean;
  /** Files and folders to leave out, as paths; the archive's own home belongs here. */
  readonly exclude?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface CrawlOptions extends WalkOptions {
  /** A folder on a disk with room for what a group of responses unpacks to. */
  readonly scratch: string;
}

/** When something was made, as far as its date text can be read. */
export interface CatalogueDate {
  /** The date in EDTF (ISO 8601-2), level 0 to 2. */
  readonly edtf: string;
  /** First day it can mean, `YYYY-MM-DD` (`-YYYY-MM-DD` before the year 0); null: open or unknown. */
  readonly earliest: string | null;
  /** Last day it can mean, in the same form; null: open or unknown. */
  readonly latest: string | null;
}

/** What a catalogue says of one file. All of it is a claim by whoever wrote the catalogue. */
export interface CatalogueRow {
  readonly kind: 'row';
  /** Line of the catalogue file on which the record begins; the header is normally line 1. */
  readonly line: number;
  /** Path from the catalogue's root as written there, `/` between parts, no `.` or `..`. */
  readonly path: string;
  readonly title: string;
  /** At least one, in the order given. */
  readonly makers: readonly string[];
  /** Canonical form, see {@link Intake.normaliseLicence}. */
  readonly licence: string;
  /** The date as the catalogue has it, free text. */
  readonly dateText: string | null;
  /** The same date when it can be read; null when there is none or it is free text only. */
  readonly date: CatalogueDate | null;
  readonly source: string | null;
  /** http or https. */
  readonly sourceUrl: string | null;
  /** IPTC or C2PA digital source type, full URI in canonical form. */
  readonly digitalSourceType: string | null;
  readonly kindOfWork: string | null;
  /** `type/subtype`, lower case, without parameters. */
  readonly mediaType: string | null;
  /** Size the file must have. */
  readonly bytes: number | null;
  /** Digest the file must have, lower-case hex. */
  readonly sha256: string | null;
  readonly synthetic: 'no' | 'yes' | 'mixed' | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** BCP 47 tag in canonical form, or the language in words as the catalogue has it. */
  readonly language: string | null;
  /** Names the work that this file is a page, frame, detail or master of; null: the file stands alone. */
  readonly work: string | null;
  /** Which part of the work it is; its position among the work's files when the catalogue has none. */
  readonly part: number | null;
  readonly accession: string | null;
  readonly collection: string | null;
}

/** A record of the catalogue that cannot be used, or has nothing to be used on. */
export interface RowProblem {
  readonly kind: 'problem';
  readonly code: 'row_invalid' | 'row_duplicate' | 'row_without_file' | 'licence_unknown';
  readonly line: number;
  /** The column at fault, by the name it has in the file; null when the whole record is. */
  readonly column: string | null;
  /** The path the record names, when it names one. */
  readonly path: string | null;
  /** A sentence that names line, column and value, what is wrong and what to do. */
  readonly text: string;
}

/** A column of a catalogue, and what it says of files. */
export interface CatalogueColumn {
  readonly name: string;
  /** The columns of the README of `src/intake` that it is read as; none where it is not used. */
  readonly fields: readonly string[];
}

/**
 * An open catalogue file. Keeps a small index in memory (README of `src/intake` says how small) and
 * reads records from the file when they are asked for.
 */
export interface CatalogueFile extends AsyncDisposable {
  /** Absolute path of the folder that the rows' paths start from. */
  readonly root: string;
  /** Records in the file, the header and empty lines not counted. */
  readonly recordCount: number;
  /** What is odd about the file as a whole, as sentences: columns that are ignored, and the like. */
  readonly warnings: readonly string[];
  /** Its columns in order, by the names they have in the file. */
  readonly columns: readonly CatalogueColumn[];

  /**
   * Returns what the catalogue says of a file; undefined when it has no row.
   *
   * Names are compared exactly and, failing that, as equal in Unicode NFC. The first row of a path
   * wins. A row found here counts as having its file, be it usable or not.
   *
   * @throws {ArchiveError} `file_changed` when the row must be read from the file and the file is not
   * what it was when it was opened.
   */
  rowFor(offer: FileOffer): Promise<CatalogueRow | RowProblem | undefined>;

  /** Returns the path by which a row would name a file; undefined when no row can. */
  pathFor(offer: FileOffer): string | undefined;

  /**
   * Yields every record in the order of the file, one item per file it names: a row, or what is
   * wrong with it. Counts nothing as found.
   */
  rows(options?: { readonly signal?: AbortSignal }): AsyncIterable<CatalogueRow | RowProblem>;

  /**
   * Yields the problems that {@link CatalogueFile.rowFor} has not returned: records without a usable
   * path, second rows for a path, and rows whose file is not there or was not taken. To be called
   * after the walk. Rows of files that lie outside the offered PATHs are no problem.
   */
  unmatched(options?: { readonly signal?: AbortSignal }): AsyncIterable<RowProblem>;
}

/** Mappings that come with the program, by name. */
export const MAPPING_NAMES: readonly string[] = ['tms', 'collectionspace', 'dublin-core'];

export interface CatalogueOptions {
  /** Name of a shipped mapping ({@link MAPPING_NAMES}) or path of a mapping file. */
  readonly map?: string;
  /** Folder that the rows' paths start from. When absent it is found by looking where the files are. */
  readonly root?: string;
  /** What is offered together with the catalogue: the PATHs given to {@link Intake.walkFiles}. */
  readonly paths: readonly string[];
  /** What the file is called in messages; its path where nobody says. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** One row of a table, its values by the names in the header, trimmed. */
export interface TableRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/** What is offered to the archive: files, and catalogues that describe them. */
export interface Intake {
  /**
   * Yields what lies under the PATHs, each file once, in an order that depends on names only
   * (bytes ascending, folder by folder, PATHs as given).
   *
   * Links are never followed, except where a PATH is itself one. Nothing that is wrong with a file
   * or folder ends the walk. A file `NAME.headers` beside `NAME` is the head of the response that NAME came
   * in; where it cannot be read, NAME is a problem.
   *
   * @throws {ArchiveError} `aborted`.
   */
  walkFiles(paths: readonly string[], options?: WalkOptions): AsyncIterable<WalkItem>;

  /**
   * Yields the responses with status 200 in the WARC files (ISO 28500) under the PATHs as files, named by
   * their addresses, with what their heads, sites and pages reserve. robots.txt, tdmrep.json and RSL
   * documents are read and not given. Their bytes lie in the scratch folder until
   * {@link Intake.discardCrawled}, those of a run that was ended until the next walk.
   *
   * @throws {ArchiveError} `aborted`, `disk_full`.
   */
  walkCrawls(paths: readonly string[], options: CrawlOptions): AsyncIterable<WalkItem>;

  /** Removes the unpacked bytes of what {@link Intake.walkCrawls} gave; other offers it leaves alone. */
  discardCrawled(offers: readonly FileOffer[]): Promise<void>;

  /**
   * Opens a catalogue file (CSV) and reads it once.
   *
   * @throws {ArchiveError} `file_unreadable`; `catalogue_invalid` when it is not a catalogue or its
   * mapping is wrong; `aborted`.
   */
  openCatalogueFile(path: string, options: CatalogueOptions): Promise<CatalogueFile>;

  /**
   * Returns what a catalogue with the columns of the README of `src/intake` and these values in its only
   * row would say of the file at `path`.
   *
   * @throws {ArchiveError} `row_invalid`, `licence_unknown`, naming the column; `catalogue_invalid` where
   * one that is required is missing.
   */
  readRow(values: Readonly<Record<string, string>>): Promise<CatalogueRow>;

  /**
   * Returns the rows of a CSV file that is no catalogue, by the names in its header.
   *
   * @throws {ArchiveError} `file_unreadable`; `catalogue_invalid` naming the line; `aborted`.
   */
  readTable(path: string, signal?: AbortSignal): Promise<readonly TableRow[]>;

  /**
   * Returns the one canonical spelling of a licence, at most 256 characters: an SPDX expression
   * (single spaces, upper-case operators, registered case of identifiers), a Creative Commons URI
   * that has no SPDX identifier, a RightsStatements.org URI or the Public Domain Mark's.
   *
   * @throws {ArchiveError} `licence_unknown`; the message suggests what may have been meant.
   */
  normaliseLicence(text: string): string;

  /**
   * Returns what a published file says of who signs Content Credentials: only the parts it speaks of.
   * `purpose` is what certificates in a PEM file are for.
   *
   * @throws {ArchiveError} `usage_invalid` if the text is nothing of the kind.
   */
  readTrustFile(text: string, purpose: 'signers' | 'timestampers'): TrustPart;

  /** Returns whom a certificate (DER in base64) names, in a line; empty where it cannot be read. */
  subjectOf(certificate: string): string;
}

/** Part of a trust list for credentials. */
export type TrustPart = Partial<Omit<CredentialList, 'v' | 'type'>>;
