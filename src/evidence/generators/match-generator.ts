import { isComfyGraph } from './comfy-graph.ts';
import { isInfotext } from './infotext.ts';
import { isObject, type JsonObject, type LabelledText } from './labelled-text.ts';
import { generatorNamed } from './tool-names.ts';

/** How a program's trace looks: the structure of a text, never words that a person could write. */
interface TraceRule {
  /** The program; where undefined, the text itself names it. */
  readonly generator: string | undefined;
  matches(text: LabelledText): boolean;
}

/** Programs that build on others leave the others' traces too, so the special ones come first. */
const RULES: readonly TraceRule[] = [
  { generator: 'swarmui', matches: ({ json, text }) => isSwarm(json, text) },
  { generator: 'stability-matrix', matches: isStabilityMatrix },
  {
    generator: 'tensorart',
    matches: ({ key, json }) =>
      key === 'generation_data' &&
      counts(json, ['prompt', 'baseModel', 'models', 'samplerName', 'steps', 'seed', 'width'], 3),
  },
  { generator: 'civitai', matches: isCivitai },
  { generator: 'invokeai', matches: isInvoke },
  { generator: 'novelai', matches: isNovel },
  { generator: 'fooocus', matches: isFooocus },
  {
    generator: 'diffusers',
    matches: ({ json }) =>
      counts(json, ['prompt'], 1) &&
      counts(json, ['num_inference_steps', 'guidance_scale'], 1) &&
      counts(json, ['num_inference_steps', 'guidance_scale', 'seed', 'negative_prompt'], 3),
  },
  { generator: 'midjourney', matches: isMidjourney },
  { generator: 'comfyui', matches: isComfyGraph },
  { generator: 'automatic1111', matches: ({ text }) => isInfotext(text) },
  { generator: 'stealth-pnginfo', matches: ({ key }) => key === 'stealth' },
  { generator: 'google-ai', matches: isGoogleCredit },
  { generator: undefined, matches: ({ key }) => SIGNED_BY.has(key) },
  { generator: 'ai-system', matches: ({ key, text }) => AI_FIELDS.has(key) && text.trim() !== '' },
];

/** Fields that name the generator: of C2PA stores that say so (credential-texts.ts), and of IPTC 2025.1. */
const SIGNED_BY = new Set([
  'claim_generator',
  'claim_generator_info',
  'softwareAgent',
  'AISystemUsed',
]);
/** IPTC Photo Metadata 2025.1: "the AI engine and/or model used to generate this image", and its prompt. */
const AI_FIELDS = new Set(['AISystemUsed', 'AIPromptInformation']);

/** A generator that left traces, and the texts that show it or any other. */
export interface GeneratorMatch {
  readonly generator: string;
  readonly texts: readonly LabelledText[];
}

/** Returns the most special generator whose trace is among the texts, or undefined if none is. */
export function matchGenerator(texts: readonly LabelledText[]): GeneratorMatch | undefined {
  const matching = new Set<LabelledText>();
  let generator: string | undefined;
  for (const rule of RULES) {
    for (const hit of texts.filter((text) => rule.matches(text))) {
      const named = rule.generator ?? generatorNamed(hit.text);
      if (named === undefined) continue;
      generator ??= named;
      matching.add(hit);
    }
  }
  return generator === undefined ? undefined : { generator, texts: [...matching] };
}

/** True if the object has at least `least` of the keys. */
function counts(json: JsonObject | undefined, keys: readonly string[], least: number): boolean {
  return json !== undefined && keys.filter((key) => key in json).length >= least;
}

function isSwarm(json: JsonObject | undefined, text: string): boolean {
  if (json !== undefined) return isObject(json['sui_image_params']);
  return /^\s*\{\s*"sui_image_params"\s*:\s*\{/.test(text);
}

function isStabilityMatrix({ key, json }: LabelledText): boolean {
  if (key === 'smproj') return counts(json, ['projectType', 'ProjectType'], 1);
  const settings = ['PositivePrompt', 'NegativePrompt', 'Seed', 'Steps', 'CfgScale', 'ModelName'];
  return key === 'parameters-json' && counts(json, settings, 3);
}

/** A graph with what the site keeps beside it, or settings with the models it knows them by. */
function isCivitai({ json, text }: LabelledText): boolean {
  if (json === undefined)
    return /, Civitai (?:resources|metadata): [[{]/.test(text) && isInfotext(text);
  const { extra } = json;
  return (
    typeof json['extraMetadata'] === 'string' || (isObject(extra) && Array.isArray(extra['airs']))
  );
}

function isInvoke({ key, json, text }: LabelledText): boolean {
  if (key === 'invokeai_metadata') {
    return counts(json, ['app_version', 'generation_mode', 'positive_prompt', 'seed', 'model'], 2);
  }
  if (key === 'invokeai_graph') return counts(json, ['nodes', 'edges'], 2);
  if (key === 'sd-metadata') return counts(json, ['model_weights', 'app_id', 'image'], 2);
  return key === 'Dream' && /" -s ?\d{1,6} -S ?\d{1,12} -W ?\d{1,6} -H ?\d{1,6} /.test(text);
}

function isNovel({ key, json, text }: LabelledText): boolean {
  if (key === 'Software') return text === 'NovelAI';
  const settings = ['steps', 'sampler', 'seed', 'scale', 'strength', 'noise'];
  const own = ['uc', 'noise_schedule', 'uncond_scale', 'v4_prompt'];
  return counts(json, settings, 3) && counts(json, own, 1);
}

function isFooocus({ key, json, text }: LabelledText): boolean {
  if (key === 'fooocus_scheme') return /^(?:fooocus|a1111)$/.test(text);
  return (
    counts(json, ['prompt', 'Prompt', 'full_prompt'], 1) &&
    counts(json, ['base_model', 'base_model_name'], 1) &&
    counts(json, ['seed', 'steps', 'sampler', 'sampler_name', 'scheduler', 'performance'], 2)
  );
}

/** What Google writes as the credit line of what it generated, or edited. */
function isGoogleCredit({ key, text }: LabelledText): boolean {
  return key === 'Credit' && /^(?:Made|Edited) with Google AI\b/.test(text.trim());
}

/** The prompt, its options, and the job it came from. */
function isMidjourney({ key, text }: LabelledText): boolean {
  if (key !== 'Description' && key !== 'ImageDescription' && key !== 'description') return false;
  return /\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i.test(text);
}
