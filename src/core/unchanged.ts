/** A value of plain data that nobody changes, down to its last list. */
export type Unchanged<T> = unknown extends T
  ? T
  : T extends string
    ? T
    : { readonly [Key in keyof T]: Unchanged<T[Key]> };
