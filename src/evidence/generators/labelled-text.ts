/** A JSON value that is an object. */
export type JsonObject = { readonly [key: string]: unknown };

/** A text that a file carries under a name, as programs that generate pictures leave them. */
export interface LabelledText {
  /** Where it stands, as a code: `png:tEXt:parameters`, `exif:UserComment`. */
  readonly where: string;
  /** The last part of `where`: one of {@link KNOWN_KEYS}, or `other`. */
  readonly key: string;
  readonly text: string;
  readonly isCut: boolean;
  /** The text as JSON, if it is an object. */
  readonly json: JsonObject | undefined;
  /** It says that only a part of the work was generated. */
  readonly isPart: boolean;
}

/** Names that say something; whatever else a file calls its texts does not get into a finding. */
const KNOWN_KEYS = new Set([
  'parameters',
  'prompt',
  'workflow',
  'Comment',
  'comment',
  'COM',
  'Credit',
  'AISystemUsed',
  'AISystemVersionUsed',
  'AIPromptInformation',
  'AIPromptWriterName',
  'AIGC',
  'Artist',
  'Description',
  'description',
  'Software',
  'Source',
  'Title',
  'Make',
  'Model',
  'ImageDescription',
  'UserComment',
  'XPComment',
  'invokeai_metadata',
  'invokeai_graph',
  'invokeai_workflow',
  'use_stable_diffusion_model',
  'Stable_Diffusion_model',
  'sd-metadata',
  'Dream',
  'parameters-json',
  'smproj',
  'generation_data',
  'fooocus_scheme',
  'stealth',
]);

/**
 * Returns the text with its label and, if it is a JSON object, what stands in it under a known name:
 * a format without named texts gets them all in one.
 */
export function labelledTexts(
  place: string,
  name: string,
  text: string,
  isCut: boolean,
): LabelledText[] {
  const code = name.replaceAll(' ', '_');
  const key = KNOWN_KEYS.has(code) ? code : 'other';
  const json = parseObject(text);
  const labelled = (as: string, words: string, object: JsonObject | undefined): LabelledText => ({
    where: `${place}:${key}`,
    key: as,
    text: words,
    isCut,
    json: object,
    isPart: as === 'Credit' && /^\s*Edited with /.test(words),
  });
  const inner = Object.entries(json ?? {}).flatMap(([innerName, value]): LabelledText[] => {
    if (!KNOWN_KEYS.has(innerName)) return [];
    const innerJson = typeof value === 'string' ? parseObject(value) : value;
    if (typeof value !== 'string' && !isObject(value)) return [];
    const innerText = typeof value === 'string' ? value : text;
    return [labelled(innerName, innerText, isObject(innerJson) ? innerJson : undefined)];
  });
  return [labelled(key, text, json), ...inner];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Programs put a name before the JSON (`Workflow: {…}`) and NULs after it. */
function parseObject(text: string): JsonObject | undefined {
  const json = withoutNuls(text.replace(/^\s*(?:prompt|workflow)\s*:/i, ''));
  if (!/^\s*\{/.test(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}
