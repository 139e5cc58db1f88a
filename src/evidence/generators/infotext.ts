/** Settings as A1111 and its relatives write them: `Steps: 20, Sampler: Euler a, CFG scale: 7, …`, or with `|`. */
const STEPS = /(?:^|[\n,]\s{0,4})Steps: \d{1,6}\s?(?:[,|]|$)/;
const SETTING =
  /(?:^|[\n,|]\s{0,4})(Sampler|Schedule type|CFG scale|Seed|Size|Model hash|Model|Version): /g;
/** Settings follow the step count in one line; prompts of any length go before. */
const LINE_LENGTH = 8_192;

/** True if the text has a step count followed by a sampler or a seed, and one more setting. */
export function isInfotext(text: string): boolean {
  const start = text.search(STEPS);
  if (start < 0) return false;
  const names = new Set<string>();
  for (const match of text.slice(start, start + LINE_LENGTH).matchAll(SETTING)) {
    if (match[1] !== undefined) names.add(match[1]);
  }
  return names.size >= 2 && (names.has('Sampler') || names.has('Seed'));
}
