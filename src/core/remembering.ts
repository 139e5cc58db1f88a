/** Returns a pure function of a text that keeps its newest answers, for what is asked in quick succession. */
export function remembering<Answer>(
  answer: (text: string) => Answer,
  kept: number,
): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = answer(text);
    // What has no answer may be of any length.
    if (now === undefined) return now;
    if (known.size >= kept) known.clear();
    known.set(text, now);
    return now;
  };
}
