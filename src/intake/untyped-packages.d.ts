/** The parts of packages without types that this room uses. */

declare module 'spdx-expression-parse' {
  namespace parse {
    /** A licence, an exception to it, or two expressions joined. */
    type Expression =
      | { readonly license: string; readonly plus?: true; readonly exception?: string }
      | {
          readonly left: Expression;
          readonly conjunction: 'and' | 'or';
          readonly right: Expression;
        };
  }
  /** @throws {Error} if the text is no SPDX licence expression. */
  function parse(text: string): parse.Expression;
  export = parse;
}

declare module 'edtf' {
  /** What the parser returns; unknown until it has been looked at. */
  export function parse(text: string): unknown;
}
