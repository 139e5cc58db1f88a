/**
 * Names by which generators sign: C2PA claim generators and software agents (evidence.md of each vendor's
 * files), and IPTC's AISystemUsed. A name alone is a word that anybody may write; it counts only where
 * the field says that it generated something.
 */
const NAMES: readonly (readonly [generator: string, name: RegExp])[] = [
  ['adobe-firefly', /^Adobe[ _]Firefly\b/i],
  ['openai', /^(?:ChatGPT|OpenAI|DALL[\u00b7\u2022 .-]?E|gpt-image|GPT-4o|Sora)(?![a-z])/i],
  [
    'google-ai',
    /^(?:Google C2PA Core Generator Library|Google(?:'s)? (?:Generative )?AI|Imagen|Gemini|Veo|Nano Banana)(?![a-z])/i,
  ],
  ['amazon-titan', /^(?:Amazon[ _](?:Bedrock|Titan|Nova)|Titan Image Generator)\b/i],
  [
    'microsoft-designer',
    /^(?:Microsoft[ _](?:Designer|Bing)|Bing Image Creator|Azure[ _]OpenAI)\b/i,
  ],
  ['midjourney', /^Midjourney\b/i],
  ['stability-ai', /^(?:Stability[ _]AI|Stable (?:Diffusion|Image))\b/i],
];

/** Returns the generator that signs by such a name, as a code. */
export function generatorNamed(name: string): string | undefined {
  return NAMES.find(([, pattern]) => pattern.test(name.trim()))?.[0];
}
