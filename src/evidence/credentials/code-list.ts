const CODE = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;

/** Returns at most so many of the validator's codes, each once and sorted; what is no code is left out. */
export function codeList(codes: readonly string[], most: number): readonly string[] {
  return [...new Set(codes)]
    .filter((code) => CODE.test(code) || code.includes(':'))
    .sort()
    .slice(0, most);
}
