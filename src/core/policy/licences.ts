/**
 * Reads SPDX licence expressions by their structure alone (SPDX 2.3, Annex D): identifiers,
 * `WITH`, `AND`, `OR` and parentheses, `AND` before `OR`. It depends on no list of identifiers, so
 * every version of the program reads an expression alike. A rights URI is an identifier as well.
 */

/**
 * Says whether a table of licences allows a use under this expression: of `A AND B` both must be in
 * the table, of `A OR B` one. `A WITH B` must be in the table as it stands. What cannot be read is
 * not allowed.
 */
export function isAllowedBy(expression: string, table: readonly string[]): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const parser = { tokens, next: 0 };
  const allowed = readOr(parser, table);
  return allowed === true && parser.next === tokens.length;
}

/** What a licence asks of whoever uses the work; printed, never a condition of the verdict. */
export function dutiesOf(expression: string): readonly string[] {
  const duties: string[] = [];
  if (/\bCC-BY(-|$|\b)/.test(expression)) duties.push('credit the maker');
  if (/\bCC-BY(-NC)?-SA\b/.test(expression)) duties.push('share alike');
  return duties;
}

interface Parser {
  readonly tokens: readonly string[];
  next: number;
}

const WORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'WITH', '(', ')']);

/** Each reader returns undefined where the text breaks the grammar. */
type Allowed = boolean | undefined;

function readOr(parser: Parser, table: readonly string[]): Allowed {
  let allowed = readAnd(parser, table);
  while (allowed !== undefined && take(parser, 'OR')) {
    const right = readAnd(parser, table);
    allowed = right === undefined ? undefined : allowed || right;
  }
  return allowed;
}

function readAnd(parser: Parser, table: readonly string[]): Allowed {
  let allowed = readTerm(parser, table);
  while (allowed !== undefined && take(parser, 'AND')) {
    const right = readTerm(parser, table);
    allowed = right === undefined ? undefined : allowed && right;
  }
  return allowed;
}

function readTerm(parser: Parser, table: readonly string[]): Allowed {
  if (take(parser, '(')) {
    const allowed = readOr(parser, table);
    return take(parser, ')') ? allowed : undefined;
  }
  const licence = readWord(parser);
  if (licence === undefined) return undefined;
  if (!take(parser, 'WITH')) return table.includes(licence);
  const exception = readWord(parser);
  return exception === undefined ? undefined : table.includes(`${licence} WITH ${exception}`);
}

function readWord(parser: Parser): string | undefined {
  const word = parser.tokens[parser.next];
  if (word === undefined || WORDS.has(word)) return undefined;
  parser.next += 1;
  return word;
}

function take(parser: Parser, word: string): boolean {
  if (parser.tokens[parser.next] !== word) return false;
  parser.next += 1;
  return true;
}
