/** What a file is, and what that rests on. */
export interface FileFormat {
  /** Media type without parameters. */
  readonly mediaType: string;
  /**
   * `magic`: bytes that only this format begins with. `structure`: the parts it must have.
   * `extension`: the file's name, and that the bytes do not speak against it.
   */
  readonly basis: 'magic' | 'structure' | 'extension';
}
