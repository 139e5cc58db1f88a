import { isComfyGraph } from './comfy-graph.ts';
import { isInfotext } from './infotext.ts';
import { isObject, type JsonObject, type LabelledText } from './labelled-text.ts';
import { generatorNamed } from './tool-names.ts';

/** How a program's trace looks: the structure of a text, never words that a person could write. */
interface TraceRule {
  /** The program; where undefined, the text itself names it. */
  readonly generator: string | undefined;
  /** `all` are the texts of the file, for what two of them say only together. */
  matches(text: LabelledText, all: readonly LabelledText[]): boolean;
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
  {
    generator: 'draw-things',
    matches: ({ json }) => counts(json, ['c', 'uc', 'seed', 'seed_mode', 'steps', 'sampler'], 5),
  },
  { generator: 'novelai', matches: isNovel },
  { generator: 'fooocus', matches: isFooocus },
  { generator: 'easy-diffusion', matches: isEasyDiffusion },
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
  { generator: 'suno', matches: ({ text }) => SUNO.test(text) },
  { generator: 'xai', matches: isXai },
  { generator: 'ideogram', matches: ({ key, text }) => key === 'Make' && text === 'Ideogram AI' },
  { generator: 'google-ai', matches: isGoogleCredit },
  { generator: undefined, matches: ({ key }) => SIGNED_BY.has(key) },
  { generator: 'aigc-label', matches: (text) => labelIn(text) === '1' },
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
    for (const hit of texts.filter((text) => rule.matches(text, texts))) {
      const named = rule.generator ?? generatorNamed(hit.text);
      if (named === undefined) continue;
      generator ??= named;
      matching.add(hit);
    }
  }
  return generator === undefined ? undefined : { generator, texts: [...matching] };
}

/** Returns the labels that say of the work that it may have been generated, and no more. */
export function unsureLabels(texts: readonly LabelledText[]): readonly LabelledText[] {
  return texts.filter((text) => !['1', undefined].includes(labelIn(text)));
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
  if (key === 'invokeai_graph' || key === 'invokeai_workflow') {
    return counts(json, ['nodes', 'edges'], 2);
  }
  if (key === 'sd-metadata') return counts(json, ['model_weights', 'app_id', 'image'], 2);
  return key === 'Dream' && /" -s ?\d{1,6} -S ?\d{1,12} -W ?\d{1,6} -H ?\d{1,6} /.test(text);
}

function isNovel({ key, json, text }: LabelledText): boolean {
  if (key === 'Software') return text === 'NovelAI';
  if (key === 'Title') return text === 'NovelAI generated image';
  if (key === 'Source') return /^NovelAI Diffusion V\d/.test(text);
  const settings = ['steps', 'sampler', 'seed', 'scale', 'strength', 'noise'];
  const own = ['uc', 'noise_schedule', 'uncond_scale', 'v4_prompt'];
  return counts(json, settings, 3) && counts(json, own, 1);
}

function isFooocus({ key, json, text }: LabelledText): boolean {
  if (key === 'fooocus_scheme') return /^(?:fooocus|a1111)$/.test(text);
  if (json === undefined) return /, Version: Fooocus v\d/.test(text) && isInfotext(text);
  const settings = ['seed', 'steps', 'sampler', 'sampler_name', 'scheduler', 'performance'];
  return (
    counts(json, ['prompt', 'Prompt', 'full_prompt'], 1) &&
    counts(json, ['base_model', 'base_model_name', 'Base Model'], 1) &&
    counts(json, [...settings, 'Seed', 'Sampler', 'Scheduler', 'Performance'], 2)
  );
}

/** Settings as one JSON, or each as a text of its own of which one names the model. */
function isEasyDiffusion({ key, json, text }: LabelledText): boolean {
  if (key === 'use_stable_diffusion_model' || key === 'Stable_Diffusion_model') return text !== '';
  const settings = ['prompt', 'seed', 'num_inference_steps', 'guidance_scale', 'sampler_name'];
  return counts(json, ['use_stable_diffusion_model'], 1) && counts(json, settings, 3);
}

/** The comment that Suno writes into what it gives out. */
const SUNO = /^made with suno(?: studio)?; created=\d{4}-[\dT:.Z+-]{6,30}; id=[0-9a-f-]{36}\s*$/;

/** A signature for a description and the picture's number for an artist, as Grok writes them. */
function isXai({ key, text }: LabelledText, all: readonly LabelledText[]): boolean {
  if (key !== 'ImageDescription' || !/^Signature: ?[A-Za-z0-9+/=]{64,}\s*$/.test(text))
    return false;
  const isNumber = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i;
  return all.some((other) => other.key === 'Artist' && isNumber.test(other.text));
}

/**
 * Returns the label that Chinese law has generators and platforms write since September 2025 (GB 45438-2025,
 * annex E): `1` says that it was generated, `2` that it may have been, `3` that it looks so.
 */
function labelIn({ key, json }: LabelledText): string | undefined {
  const fields = ['ContentProducer', 'ProduceID', 'ContentPropagator', 'PropagateID'];
  const isLabel = key === 'AIGC' && counts(json, ['Label'], 1) && counts(json, fields, 1);
  return isLabel ? String(json?.['Label']) : undefined;
}

/** What Google writes as the credit line of what it generated, or edited. */
function isGoogleCredit({ key, text }: LabelledText): boolean {
  return (
    key === 'Credit' && /^(?:Made|Created|Generated|Edited) with Google AI\b/.test(text.trim())
  );
}

/** The prompt, its options, and the job it came from. */
function isMidjourney({ key, text }: LabelledText): boolean {
  if (key !== 'Description' && key !== 'ImageDescription' && key !== 'description') return false;
  return /\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i.test(text);
}
