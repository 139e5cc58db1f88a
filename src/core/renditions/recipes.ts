import { ArchiveError } from '../errors.ts';

/** A fixed way to make a file from a picture, sound or film that generates nothing (policy.md §4). */
export interface Recipe {
  readonly name: string;
  readonly of: 'image' | 'audio' | 'video';
  readonly tool: 'sharp' | 'ffmpeg';
  /** All that the outcome depends on besides the tool's version, as the statement has it. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Of the file that it makes. */
  readonly extension: string;
}

/**
 * Every recipe. Pictures become upright, on white, sRGB, no larger than they are; all lose their
 * metadata. A changed recipe is another recipe with another name: statements and other nodes go by it.
 */
export const RECIPES: readonly Recipe[] = [
  picture('jpeg-2048', 'jpg', { format: 'jpeg', side: 2048, quality: 90 }),
  picture('webp-1024', 'webp', { format: 'webp', side: 1024, quality: 85 }),
  picture('png-2048', 'png', { format: 'png', side: 2048 }),
  sound('flac-16k', 'flac', { codec: 'flac', rate: 16_000, channels: 1 }),
  sound('opus-96', 'ogg', { codec: 'libopus', rate: 48_000, channels: 2, bitrate: 96_000 }),
  {
    ...{ name: 'mp4-720', of: 'video', tool: 'ffmpeg', extension: 'mp4' },
    parameters: { codec: 'libx264', height: 720, crf: 23, sound: 'aac', bitrate: 128_000 },
  },
];

/** @throws {ArchiveError} `usage_invalid` for a name that no recipe has. */
export function recipeNamed(name: string): Recipe {
  const recipe = RECIPES.find((one) => one.name === name);
  if (recipe !== undefined) return recipe;
  const names = RECIPES.map((one) => one.name).join(', ');
  throw new ArchiveError('usage_invalid', `no recipe is called ${name}; there are ${names}`);
}

type Parameters = Recipe['parameters'];

function picture(name: string, extension: string, parameters: Parameters): Recipe {
  return { name, of: 'image', tool: 'sharp', parameters, extension };
}

function sound(name: string, extension: string, parameters: Parameters): Recipe {
  return { name, of: 'audio', tool: 'ffmpeg', parameters, extension };
}
