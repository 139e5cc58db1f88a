/** Reads which page of the log an address asks for; what it says otherwise is left aside. */
export function pageIn(search: Readonly<Record<string, unknown>>): { readonly before?: number } {
  const before = Number(search['before']);
  return Number.isSafeInteger(before) && before > 0 ? { before } : {};
}
