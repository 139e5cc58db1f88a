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
  ['stability-ai', /^(?:Stability[ _.]?AI|Stable (?:Diffusion|Image|Audio|Video))\b/i],
  ['black-forest-labs', /^(?:Black Forest Labs|BFL[ _]|FLUX\.\d)/i],
  ['xai', /^(?:xAI|Grok|Aurora by xAI)\b/i],
  ['meta-ai', /^(?:Meta[ _]AI|Imagine with Meta)\b/i],
  ['elevenlabs', /^Eleven[ _]?Labs\b/i],
  ['suno', /^Suno\b/i],
  ['udio', /^Udio\b/i],
  ['runway', /^Runway(?:ML)?(?:\/|$|[ _](?:AI|Gen))/i],
  ['luma', /^(?:Luma[ _](?:AI|Labs)|Dream Machine)\b/i],
  ['pika', /^Pika[ _](?:AI|Labs)\b/i],
  ['kling', /^Kling(?:[ _.]?AI)?(?:\/|$|[ _]\d)/i],
  ['bytedance', /^(?:ByteDance|Doubao|Jimeng|Dreamina|Seed(?:ream|ance))\b/i],
  ['leonardo-ai', /^Leonardo[ _.]?AI\b/i],
  ['ideogram', /^Ideogram\b/i],
  ['recraft', /^Recraft\b/i],
  ['bria', /^Bria[ _.]?AI\b/i],
  ['krea', /^Krea[ _.]?AI\b/i],
  ['canva-ai', /^Canva[ _](?:AI|Magic)\b/i],
  ['galaxy-ai', /^Galaxy[ _]AI\b/i],
];

/** Returns the generator that signs by such a name, as a code. */
export function generatorNamed(name: string): string | undefined {
  return NAMES.find(([, pattern]) => pattern.test(name.trim()))?.[0];
}
