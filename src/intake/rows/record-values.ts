import type { Field } from '../mappings/mapping-schema.ts';
import type { RowPlan } from '../mappings/row-plan.ts';
import { RowFault } from './row-fault.ts';
import { readText } from './row-values.ts';

const MOST_VALUES = 256;

/** The cells of one record: empty beyond the last, undefined where one is not well-formed. */
export interface RecordCells {
  readonly fieldCount: number;
  field(index: number): string | undefined;
}

/**
 * The values of the record that was scanned last, field by field. Knows which field was asked for last,
 * so that a {@link RowFault} can be told with its column.
 */
export class RecordValues {
  readonly #record: RecordCells;
  readonly #plan: RowPlan;
  #field: Field | undefined;

  constructor(record: RecordCells, plan: RowPlan) {
    this.#record = record;
    this.#plan = plan;
  }

  /** The column of the field asked for last, as the file names it; null before the first. */
  get column(): string | null {
    if (this.#field === undefined) return null;
    return this.#plan.readers.get(this.#field)?.label ?? this.#field;
  }

  /** @throws {RowFault} if the record has more cells than there are columns. */
  assertCellCount(): void {
    for (let index = this.#plan.columns.length; index < this.#record.fieldCount; index += 1) {
      if (this.#record.field(index) === '') continue;
      throw new RowFault(
        `has ${this.#record.fieldCount} cells for ${this.#plan.columns.length} columns; put quotes around a value that holds the delimiter`,
      );
    }
  }

  texts(field: Field): string[] {
    this.#field = field;
    return this.#plan.readers.get(field)?.values((column) => this.#cell(column)) ?? [];
  }

  optional<T>(field: Field, read: (text: string) => T): T | null {
    const text = this.texts(field)[0];
    return text === undefined ? null : read(text);
  }

  /** `help` says what to write when the cell is empty. */
  required<T>(field: Field, read: (text: string) => T, help: string): T {
    const text = this.texts(field)[0];
    if (text === undefined) throw new RowFault(`is empty; ${help}`);
    return read(text);
  }

  /** Returns each value once, in the order given. */
  several(field: Field): string[] {
    const texts = this.texts(field);
    if (texts.length > MOST_VALUES) {
      throw new RowFault(`names ${texts.length} values; at most ${MOST_VALUES} can be kept`);
    }
    return [...new Set(texts.map(readText))];
  }

  #cell(column: number): string {
    const text = this.#record.field(column);
    if (text !== undefined) return text;
    throw new RowFault(
      `is not ${this.#plan.encodingName}; save the whole file as CSV in UTF-8 and check its accents`,
    );
  }
}
