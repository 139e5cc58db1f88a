/** Returns what a list to choose from holds, by the words for each of its values. */
export function optionsOf<Key extends string>(
  words: Readonly<Record<Key, string>>,
): readonly { readonly value: Key; readonly label: string }[] {
  // The keys are those of the words.
  return Object.entries<string>(words).map(([value, label]) => ({ value: value as Key, label }));
}
