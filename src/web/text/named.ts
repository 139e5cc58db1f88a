/** Returns what a table says of a word from elsewhere; nothing that every object has by itself. */
export function named(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
