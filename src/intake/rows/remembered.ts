const MOST = 4096;

/**
 * Returns `compute` with its last answers kept: catalogues say the same licence and the same year a
 * hundred thousand times. What `compute` throws is not kept.
 */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const answers = new Map<string, { readonly answer: T }>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known.answer;
    const answer = compute(text);
    if (answers.size >= MOST) answers.clear();
    answers.set(text, { answer });
    return answer;
  };
}
