import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { Original, Renditions } from '../../core/ports/rendering.ts';
import type { Recipe } from '../../core/renditions/recipes.ts';
import { type MediaKind, mediaKindOf } from './media-kinds.ts';
import { pictureOrder } from './picture-order.ts';
import { PrivateFolder } from './private-folder.ts';
import { type Allowance, ffmpegProgram, pictureProgram } from './programs.ts';
import { type Program, runProgram } from './run-program.ts';

const OF_PICTURES: Allowance = { seconds: 60, mostBytes: 256 * 1024 * 1024 };
const OF_SOUNDS: Allowance = { seconds: 600, mostBytes: 1024 * 1024 * 1024 };
const OF_FILMS: Allowance = { seconds: 3600, mostBytes: 2 * 1024 * 1024 * 1024 };
/** A line as `ffmpeg version 5.1.9-0+deb12u1 Copyright …`. */
const FFMPEG_VERSION = /^ffmpeg version (\S+)/;
const VERSION_ALLOWED: Allowance = { seconds: 10, mostBytes: 64 * 1024 };

export const renditions: Renditions = {
  async make(original, recipe, signal) {
    const media = suitable(original, recipe);
    await using made = new AsyncDisposableStack();
    const folder = made.use(await PrivateFolder.create());
    await using file = await folder.copy(original);
    const path = join(folder.path, `made.${recipe.extension}`);
    const program = programFor(recipe, media, path);
    const printed = await runProgram(program, file.fd, signal);
    if (printed.length > 0) {
      await using written = await open(path, 'wx', 0o600);
      await written.writeFile(printed);
    }
    const version = recipe.tool === 'sharp' ? await sharpVersion() : await ffmpegVersion(file.fd);
    const { size } = await stat(path).catch((cause: unknown) => {
      throw new ArchiveError('media_unreadable', `${recipe.tool} made no file`, { cause });
    });
    const sha256 = await digestOf(path);
    const kept = made.move();
    return { path, size, sha256, version, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  },
};

/** @throws {ArchiveError} `media_unsuitable`. */
function suitable({ mediaType }: Original, { name, of }: Recipe): MediaKind {
  const media = mediaKindOf(mediaType);
  const kind = media?.kind === 'picture' ? 'image' : media?.kind;
  if (media !== undefined && kind === of) return media;
  const what = { image: 'pictures', audio: 'sounds', video: 'films' }[of];
  throw new ArchiveError(
    'media_unsuitable',
    `${name} is for ${what} that can be decoded here, and this is ${mediaType}`,
  );
}

function programFor(recipe: Recipe, media: MediaKind, path: string): Program {
  if (!('demuxer' in media)) {
    const order = pictureOrder.parse({ ...recipe.parameters, isDrawing: false });
    return pictureProgram(order, OF_PICTURES);
  }
  const { demuxer, kind } = media;
  const output = kind === 'audio' ? soundOutput(recipe) : filmOutput(recipe);
  const allowed = kind === 'audio' ? OF_SOUNDS : OF_FILMS;
  return ffmpegProgram(demuxer, [...output, ...PLAIN, `file:${path}`], allowed);
}

/** Nothing in the file tells when or by what it was made, so that it is the same whenever it is. */
const PLAIN = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
  ...['-flags:a', '+bitexact', '-flags:v', '+bitexact', '-threads', '1'],
];

function soundOutput({ parameters }: Recipe): readonly string[] {
  const { codec, rate, channels, bitrate } = parameters;
  const depth = codec === 'flac' ? ['-sample_fmt', 's16'] : ['-b:a', `${bitrate}`];
  const form = ['-ar', `${rate}`, '-ac', `${channels}`, ...depth];
  return ['-map', '0:a:0', '-c:a', `${codec}`, ...form];
}

function filmOutput({ parameters }: Recipe): readonly string[] {
  const { codec, height, crf, sound, bitrate } = parameters;
  const size = `scale=-2:'min(${height},2*trunc(ih/2))'`;
  const picture = ['-c:v', `${codec}`, '-preset', 'medium', '-crf', `${crf}`];
  return [
    ...['-map', '0:v:0', '-map', '0:a:0?', '-vf', size, ...picture],
    ...['-pix_fmt', 'yuv420p', '-c:a', `${sound}`, '-b:a', `${bitrate}`, '-movflags', '+faststart'],
  ];
}

/** With that of libvips, which does the work. */
async function sharpVersion(): Promise<string> {
  const { default: sharp } = await import('sharp');
  return `${sharp.versions.sharp}+vips${sharp.versions.vips}`;
}

async function ffmpegVersion(input: number): Promise<string> {
  const asked = { name: 'ffmpeg', args: ['-version'], ...VERSION_ALLOWED };
  const text = Buffer.from(await runProgram(asked, input)).toString('latin1');
  const version = FFMPEG_VERSION.exec(text)?.[1];
  if (version !== undefined) return version;
  throw new ArchiveError('tool_missing', 'ffmpeg does not tell its version; install another');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
