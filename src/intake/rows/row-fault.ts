import type { RowProblem } from '../../core/ports/intake.ts';

/** What is wrong with a value; thrown by the readers of values and answered by the reader of rows. */
export class RowFault extends Error {
  override readonly name = 'RowFault';
  readonly code: RowProblem['code'];

  /** `reason` continues a sentence that has named line and column. */
  constructor(reason: string, code: RowProblem['code'] = 'row_invalid') {
    super(reason);
    this.code = code;
  }
}

/** Returns the problem of a record, as a sentence that begins with its line and column. */
export function rowProblem(
  code: RowProblem['code'],
  place: { readonly line: number; readonly column: string | null; readonly path: string | null },
  reason: string,
): RowProblem {
  const column = place.column === null ? '' : `, column "${place.column}"`;
  return { kind: 'problem', code, ...place, text: `line ${place.line}${column}: ${reason}` };
}
