import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findingOf } from './support/inspected.ts';
import { exifSegment, jpeg, segment, xmpSegment } from './support/jpeg-bytes.ts';
import {
  colourPng,
  packedTextChunk,
  png,
  pngChunk,
  textChunk,
  unicodeTextChunk,
} from './support/png-bytes.ts';
import { ascii, tiff, userComment, utf16 } from './support/tiff-bytes.ts';
import { riffChunk, webp } from './support/webp-bytes.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function tracesOf(bytes: Uint8Array) {
  return findingOf(inspectors, folder.path, 'traces', { filename: 'a', bytes });
}

async function expectGenerator(bytes: Uint8Array, generator: string, ...where: string[]) {
  const { outcome, facts } = await tracesOf(bytes);
  expect({ outcome, facts }).toEqual({
    outcome: 'found',
    facts: { generator, proves: 'generated', where },
  });
}

const INFOTEXT = `a duck on a lake
Negative prompt: people
Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 512x512, Model hash: c0d1994c73`;
const GRAPH = JSON.stringify({
  3: { class_type: 'KSampler', inputs: { seed: 1, steps: 20 } },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
});
const WORKFLOW = JSON.stringify({
  last_node_id: 4,
  nodes: [{ id: 3, type: 'KSampler', pos: [0, 0], size: [1, 1] }],
  links: [],
});
const NOVEL = JSON.stringify({
  prompt: 'a duck',
  steps: 28,
  sampler: 'k_euler',
  seed: 5,
  scale: 5,
  uc: '',
});
/** What Draw Things writes, which has fields of NovelAI's too. */
const DRAWN = JSON.stringify({
  c: 'a duck',
  uc: '',
  seed: 5,
  seed_mode: 'Scale Alike',
  steps: 20,
  sampler: 'DPM++ 2M Karras',
  scale: 7,
});
/** The label of GB 45438-2025, annex E. */
const label = (value: string | number) =>
  JSON.stringify({ Label: value, ContentProducer: '001191110102MACQD9K640', ProduceID: '5' });
const commentIn = (text: string) => tiff('II', [], [userComment('UNICODE\0', utf16(text, 'le'))]);

describe('traces of generators', () => {
  it.each<[string, Uint8Array, string, ...string[]]>([
    ['A1111', png(textChunk('parameters', INFOTEXT)), 'automatic1111', 'png:tEXt:parameters'],
    [
      'Forge with a prompt that is not Latin',
      png(unicodeTextChunk('parameters', `花, ${INFOTEXT}`, false)),
      'automatic1111',
      'png:iTXt:parameters',
    ],
    [
      'A1111, packed',
      png(packedTextChunk('parameters', INFOTEXT), unicodeTextChunk('parameters', INFOTEXT, true)),
      'automatic1111',
      'png:iTXt:parameters',
      'png:zTXt:parameters',
    ],
    [
      'SD.Next, whose settings come in another order',
      png(
        textChunk(
          'parameters',
          'a duck\nSteps: 20, Size: 8x8, Sampler: UniPC, Seed: 3, App: SD.Next',
        ),
      ),
      'automatic1111',
      'png:tEXt:parameters',
    ],
    [
      'A1111 as JPEG',
      jpeg(exifSegment(tiff('MM', [], [userComment('UNICODE\0', utf16(INFOTEXT, 'be'))]))),
      'automatic1111',
      'exif:UserComment',
    ],
    [
      'A1111 as WebP',
      webp(riffChunk('EXIF', commentIn(INFOTEXT))),
      'automatic1111',
      'exif:UserComment',
    ],
    [
      'A1111 as TIFF',
      tiff('II', [ascii(TIFF_TAG.imageDescription, INFOTEXT)]),
      'automatic1111',
      'exif:ImageDescription',
    ],
    ['A1111 in a JPEG comment', jpeg(segment(0xfe, INFOTEXT)), 'automatic1111', 'jpeg:COM'],
    [
      'A1111 under a key of its own',
      png(textChunk('My prompts', INFOTEXT)),
      'automatic1111',
      'png:tEXt:other',
    ],
    [
      'ComfyUI',
      png(textChunk('prompt', GRAPH), textChunk('workflow', WORKFLOW)),
      'comfyui',
      'png:tEXt:prompt',
      'png:tEXt:workflow',
    ],
    [
      'ComfyUI with NaN, which is no JSON',
      png(textChunk('prompt', GRAPH.replace('20', 'NaN'))),
      'comfyui',
      'png:tEXt:prompt',
    ],
    [
      'ComfyUI as WebP, in Make and Model',
      webp(
        riffChunk(
          'EXIF',
          tiff('II', [
            ascii(TIFF_TAG.make, `workflow:${WORKFLOW}`),
            ascii(TIFF_TAG.model, `prompt:${GRAPH}`),
          ]),
        ),
      ),
      'comfyui',
      'exif:Make',
      'exif:Model',
    ],
    [
      'ComfyUI Save Image Extended',
      jpeg(
        exifSegment(
          tiff('MM', [
            ascii(TIFF_TAG.imageDescription, `Workflow: ${WORKFLOW}`),
            ascii(TIFF_TAG.make, `Prompt: ${GRAPH}`),
          ]),
        ),
      ),
      'comfyui',
      'exif:ImageDescription',
      'exif:Make',
    ],
    [
      'ComfyUI saveimage-plus, in a user comment of a type of its own',
      jpeg(
        exifSegment(
          tiff(
            'II',
            [],
            [{ tag: TIFF_TAG.userComment, type: 2, value: Buffer.from(`{"prompt":${GRAPH}}`) }],
          ),
        ),
      ),
      'comfyui',
      'exif:UserComment',
    ],
    [
      'SwarmUI',
      png(
        textChunk('parameters', '{"sui_image_params": {"prompt": "a duck", "seed": 3}}'),
        textChunk('prompt', GRAPH),
      ),
      'swarmui',
      'png:tEXt:parameters',
      'png:tEXt:prompt',
    ],
    [
      'Fooocus',
      png(textChunk('parameters', '{"prompt": "a", "base_model": "x", "seed": 1, "sampler": "y"}')),
      'fooocus',
      'png:tEXt:parameters',
    ],
    [
      'RuinedFooocus',
      png(
        textChunk('parameters', '{"Prompt": "a", "base_model_name": "x", "seed": 1, "steps": 4}'),
      ),
      'fooocus',
      'png:tEXt:parameters',
    ],
    [
      'Fooocus writing as A1111 does',
      png(textChunk('fooocus_scheme', 'a1111'), textChunk('parameters', INFOTEXT)),
      'fooocus',
      'png:tEXt:fooocus_scheme',
      'png:tEXt:parameters',
    ],
    [
      'a Hugging Face space',
      png(
        textChunk(
          'parameters',
          '{"prompt": "a", "negative_prompt": "", "num_inference_steps": 9, "guidance_scale": 7}',
        ),
      ),
      'diffusers',
      'png:tEXt:parameters',
    ],
    [
      'InvokeAI',
      png(
        unicodeTextChunk(
          'invokeai_metadata',
          '{"app_version": "5", "generation_mode": "txt2img"}',
          false,
        ),
        textChunk('invokeai_graph', '{"nodes": {}, "edges": []}'),
      ),
      'invokeai',
      'png:iTXt:invokeai_metadata',
      'png:tEXt:invokeai_graph',
    ],
    [
      'InvokeAI of 2022',
      png(textChunk('Dream', '"a duck" -s 50 -S 298 -W 512 -H 768 -C 5 -A k_lms')),
      'invokeai',
      'png:tEXt:Dream',
    ],
    [
      'NovelAI',
      png(textChunk('Software', 'NovelAI'), textChunk('Comment', NOVEL)),
      'novelai',
      'png:tEXt:Comment',
      'png:tEXt:Software',
    ],
    [
      'NovelAI as WebP, all texts in one',
      webp(riffChunk('EXIF', commentIn(JSON.stringify({ Comment: NOVEL, Title: 'x' })))),
      'novelai',
      'exif:UserComment',
    ],
    [
      'Stability Matrix',
      png(
        textChunk('parameters-json', '{"PositivePrompt": "a", "Steps": 20, "Seed": 1}'),
        textChunk('smproj', '{"version": 1, "projectType": "TextToImage"}'),
        textChunk('parameters', INFOTEXT),
        textChunk('prompt', GRAPH),
      ),
      'stability-matrix',
      'png:tEXt:parameters',
      'png:tEXt:parameters-json',
      'png:tEXt:prompt',
      'png:tEXt:smproj',
    ],
    [
      'TensorArt, with zeros at the end',
      png(
        textChunk('generation_data', '{"prompt": "a", "models": [], "steps": 20, "seed": 1}\0\0\0'),
        textChunk('prompt', GRAPH),
      ),
      'tensorart',
      'png:tEXt:generation_data',
      'png:tEXt:prompt',
    ],
    [
      'Civitai',
      jpeg(exifSegment(commentIn(`${INFOTEXT}, Civitai resources: [{"type":"checkpoint"}]`))),
      'civitai',
      'exif:UserComment',
    ],
    [
      'Civitai as a graph',
      jpeg(exifSegment(commentIn(`{"extraMetadata": "{}", ${GRAPH.slice(1)}`))),
      'civitai',
      'exif:UserComment',
    ],
    [
      'Fooocus writing as A1111 does, where there is room for one text alone',
      webp(riffChunk('EXIF', commentIn(`${INFOTEXT}, Version: Fooocus v2.5.0`))),
      'fooocus',
      'exif:UserComment',
    ],
    [
      'ComfyUI, in chunks of its own behind moving pictures',
      png(pngChunk('comf', Buffer.from(`prompt\0${GRAPH}`))),
      'comfyui',
      'png:comf:prompt',
    ],
    [
      'ComfyUI whose editor numbers nodes in a state',
      png(
        textChunk(
          'workflow',
          '{"state": {"lastNodeId": 3}, "nodes": [{"id": 3, "type": "KSampler", "pos": [0, 0]}]}',
        ),
      ),
      'comfyui',
      'png:tEXt:workflow',
    ],
    [
      'SD.Next with bars between',
      png(textChunk('parameters', 'a duck\nSteps: 20| Sampler: UniPC| Seed: 3| App: SD.Next')),
      'automatic1111',
      'png:tEXt:parameters',
    ],
    [
      'A1111 in a comment of Windows',
      jpeg(
        exifSegment(
          tiff('II', [{ tag: TIFF_TAG.xpComment, type: 1, value: utf16(INFOTEXT, 'le') }]),
        ),
      ),
      'automatic1111',
      'exif:XPComment',
    ],
    [
      'InvokeAI, its workflow alone',
      png(textChunk('invokeai_workflow', '{"name": "a", "nodes": [], "edges": []}')),
      'invokeai',
      'png:tEXt:invokeai_workflow',
    ],
    [
      'NovelAI without settings',
      png(
        textChunk('Title', 'NovelAI generated image'),
        textChunk('Source', 'NovelAI Diffusion V4.5 4BDE2A90'),
      ),
      'novelai',
      'png:tEXt:Source',
      'png:tEXt:Title',
    ],
    ['Draw Things', jpeg(exifSegment(commentIn(DRAWN))), 'draw-things', 'exif:UserComment'],
    [
      'Draw Things in XMP',
      png(
        unicodeTextChunk(
          'XML:com.adobe.xmp',
          `<exif:UserComment>${DRAWN.replaceAll('"', '&quot;')}</exif:UserComment>`,
          false,
        ),
      ),
      'draw-things',
      'xmp:UserComment',
    ],
    [
      'Easy Diffusion, all settings in one',
      jpeg(
        exifSegment(
          commentIn(
            '{"prompt": "a", "seed": 1, "num_inference_steps": 9, "use_stable_diffusion_model": "x"}',
          ),
        ),
      ),
      'easy-diffusion',
      'exif:UserComment',
    ],
    [
      'Easy Diffusion, a text for each setting',
      png(textChunk('prompt', 'a duck'), textChunk('Stable Diffusion model', 'sd-v1-5')),
      'easy-diffusion',
      'png:tEXt:Stable_Diffusion_model',
    ],
    [
      'Grok',
      jpeg(
        exifSegment(
          tiff('II', [
            ascii(TIFF_TAG.imageDescription, `Signature: ${'sSYk'.repeat(30)}==`),
            ascii(TIFF_TAG.artist, '01234567-89ab-cdef-0123-456789abcdef'),
          ]),
        ),
      ),
      'xai',
      'exif:ImageDescription',
    ],
    [
      'Ideogram',
      jpeg(exifSegment(tiff('II', [ascii(TIFF_TAG.make, 'Ideogram AI')]))),
      'ideogram',
      'exif:Make',
    ],
    [
      'a generator under the law of China',
      png(textChunk('AIGC', label('1'))),
      'aigc-label',
      'png:tEXt:AIGC',
    ],
    [
      'a generator under the law of China, as JPEG',
      jpeg(exifSegment(commentIn(`{"AIGC": ${label(1)}}`))),
      'aigc-label',
      'exif:UserComment',
    ],
    [
      'a generator under the law of China, in XMP',
      webp(riffChunk('XMP ', Buffer.from(`<r:D TC260:AIGC='${label('1')}'/>`))),
      'aigc-label',
      'xmp:AIGC',
    ],
    [
      'Midjourney',
      png(
        textChunk(
          'Description',
          'a duck --v 6.1 --ar 3:2 Job ID: 01234567-89ab-cdef-0123-456789abcdef',
        ),
      ),
      'midjourney',
      'png:tEXt:Description',
    ],
    [
      'A1111 in XMP',
      jpeg(xmpSegment(`<x:xmpmeta><exif:UserComment>${INFOTEXT}</exif:UserComment></x:xmpmeta>`)),
      'automatic1111',
      'xmp:UserComment',
    ],
    [
      'ComfyUI in the metadata of an SVG',
      Buffer.from(
        `<svg><metadata><desc>${GRAPH.replaceAll('"', '&quot;')}</desc></metadata></svg>`,
      ),
      'comfyui',
      'xmp:other',
    ],
  ])('of %s are recognised', async (_name, bytes, generator, ...where) => {
    await expectGenerator(bytes, generator, ...where);
  });

  it.each([
    ['a program that a person draws with', png(textChunk('Software', 'Adobe Photoshop 25.0'))],
    [
      'words about generators',
      png(textChunk('Description', 'My answer to Flux, Imagen and Midjourney')),
    ],
    ['a recipe', png(textChunk('Comment', 'Steps: 3, stir. Seed: sunflower, Size: large'))],
    ['a test plan', png(textChunk('Comment', 'Steps: 20, Seed: 7'))],
    ['a prompt in the sense of the stage', png(textChunk('prompt', 'Enter GHOST, stage left'))],
    ['a graph of another program', png(textChunk('workflow', '{"nodes": [], "links": []}'))],
    ['another JSON', png(textChunk('parameters', '{"prompt": "Name?", "seed": 4}'))],
    ['a camera', jpeg(exifSegment(tiff('II', [ascii(TIFF_TAG.make, 'Prompt Cameras')])))],
    ['a job number', png(textChunk('Description', 'Job ID: 4711, printed in Graz'))],
    ['a band of that name', jpeg(exifSegment(commentIn('{"AIGC": "our band"}')))],
    ['an article that is labelled', png(textChunk('AIGC', '{"Label": "1", "Author": "me"}'))],
    [
      'a signature that a painter gave words',
      jpeg(
        exifSegment(
          tiff('II', [
            ascii(TIFF_TAG.imageDescription, `Signature: ${'sSYk'.repeat(30)}==`),
            ascii(TIFF_TAG.artist, 'Ada Pike'),
          ]),
        ),
      ),
    ],
    [
      'a program that removes noise',
      jpeg(exifSegment(tiff('II', [ascii(TIFF_TAG.software, 'Adobe Lightroom (AI Denoise)')]))),
    ],
    [
      'a plan of another editor of nodes',
      png(
        textChunk('workflow', '{"nodes": [{"id": 1, "type": "task", "pos": [1, 2]}], "links": []}'),
      ),
    ],
    ['nothing', png()],
  ])('are not seen in %s', async (_name, bytes) => {
    const { outcome, facts, raw } = await tracesOf(bytes);
    expect({ outcome, facts, raw }).toEqual({
      outcome: 'none',
      facts: { generator: null, proves: null, where: [] },
      raw: [],
    });
  });

  it('of a work that may have been generated, by its label, name nobody and leave it open', async () => {
    for (const value of ['2', 3]) {
      const { outcome, facts, raw } = await tracesOf(png(textChunk('AIGC', label(value))));
      const where = ['png:tEXt:AIGC'];
      expect({ outcome, facts }).toEqual({
        outcome: 'found',
        facts: { generator: null, proves: null, where },
      });
      expect(raw).toHaveLength(1);
    }
  });

  it('keep the text they rest on, 64 KiB of each and 256 KiB in all, cut between characters', async () => {
    const long = `${INFOTEXT}, Prompt: ${'花'.repeat(40_000)}`;
    const chunks = Array.from({ length: 6 }, () => unicodeTextChunk('parameters', long, true));
    const { raw } = await tracesOf(png(...chunks));
    const sizes = raw.map(({ text }) => Buffer.byteLength(text));
    expect(sizes).toHaveLength(5);
    for (const { text, where, truncated } of raw) {
      expect(long.startsWith(text)).toBe(true);
      expect({ where, truncated }).toEqual({ where: 'png:iTXt:parameters', truncated: true });
    }
    expect(sizes.slice(0, 4).every((size) => size > 65_530 && size <= 65_536)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(262_144);
  });

  it('count even when the file breaks off behind them, and only then', async () => {
    const whole = png(textChunk('parameters', INFOTEXT), pngChunk('tEXt', Buffer.alloc(500, 65)));
    await expectGenerator(whole.subarray(0, 500), 'automatic1111', 'png:tEXt:parameters');
    const clean = png(pngChunk('tEXt', Buffer.alloc(500, 65)));
    const { outcome, facts } = await tracesOf(clean.subarray(0, 200));
    expect({ outcome, facts }).toEqual({
      outcome: 'unreadable',
      facts: { reason: 'malformed', generator: null },
    });
  });
});

describe('traces in the lowest bits of pixels', () => {
  /** Writes the bytes into the lowest bits of the channels, column after column. */
  function hide(
    size: { readonly width: number; readonly height: number; readonly channels: 3 | 4 },
    used: readonly number[],
    hidden: Uint8Array,
  ): Uint8Array {
    const { width, height, channels } = size;
    const pixels = Uint8Array.from(
      { length: width * height * channels },
      (_, at) => (at * 7) & 0xff,
    );
    for (let bit = 0; bit < hidden.length * 8; bit += 1) {
      const value = ((hidden[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
      const pixel = Math.floor(bit / used.length);
      const place = ((pixel % height) * width + Math.floor(pixel / height)) * channels;
      const at = place + (used[bit % used.length] ?? 0);
      pixels[at] = ((pixels[at] ?? 0) & 0xfe) | value;
    }
    return pixels;
  }

  function hiddenText(mark: string, text: string): Buffer {
    const payload = mark.endsWith('comp') ? gzipSync(text) : Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.length * 8);
    return Buffer.concat([Buffer.from(mark), length, payload]);
  }

  const novel = JSON.stringify({ Software: 'NovelAI', Comment: NOVEL });
  const sizes = { low: { width: 300, height: 20 }, high: { width: 20, height: 300 } };

  it.each([
    ['stealth_pngcomp', 4, [3], novel, 'novelai', sizes.high],
    ['stealth_pnginfo', 4, [3], INFOTEXT, 'automatic1111', sizes.high],
    ['stealth_pngcomp', 4, [3], INFOTEXT, 'automatic1111', sizes.low],
    ['stealth_rgbcomp', 4, [0, 1, 2], INFOTEXT, 'automatic1111', sizes.low],
    ['stealth_rgbinfo', 3, [0, 1, 2], INFOTEXT, 'automatic1111', sizes.high],
    ['stealth_pnginfo', 4, [3], 'nothing known', 'stealth-pnginfo', sizes.high],
  ] as const)(
    'are found: %s in %i channels (%#)',
    async (mark, channels, used, text, name, size) => {
      const pixels = hide({ ...size, channels }, used, hiddenText(mark, text));
      for (const filterOf of [(row: number) => row % 5, () => 4, () => 0]) {
        const bytes = colourPng(size.width, channels, pixels, filterOf);
        await expectGenerator(bytes, name, 'png:stealth');
      }
    },
  );

  it('are not seen in ordinary pictures', async () => {
    for (const channels of [3, 4] as const) {
      for (const fill of [(at: number) => at, () => 255, () => 0, (at: number) => at * at]) {
        const pixels = Uint8Array.from({ length: 40 * 60 * channels }, (_, at) => fill(at) & 0xff);
        const { outcome } = await tracesOf(colourPng(40, channels, pixels, (row) => row % 5));
        expect(outcome).toBe('none');
      }
    }
  });
});
