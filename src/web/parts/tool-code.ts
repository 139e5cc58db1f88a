/** Returns the tools that somebody names with commas between, each once, as statements name them. */
export function toolsIn(text: string): readonly string[] {
  return [...new Set(text.split(',').map(toolCode))].filter((tool) => tool !== '');
}

/** Returns a tool as statements name it: without spaces, in letters that every machine has. */
function toolCode(text: string): string {
  const letters = text.normalize('NFKD').trim().toLowerCase().replace(/\s+/g, '-');
  return letters
    .replace(/[^a-z0-9._+-]/g, '')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);
}
