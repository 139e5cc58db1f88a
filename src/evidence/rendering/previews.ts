import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import type { Original, Preview, Previews } from '../../core/ports/rendering.ts';
import { type MediaKind, mediaKindOf } from './media-kinds.ts';
import { PrivateFolder } from './private-folder.ts';
import {
  type Allowance,
  ffmpegProgram,
  heifProgram,
  pageCountProgram,
  pageProgram,
  pictureProgram,
} from './programs.ts';
import { runProgram } from './run-program.ts';
import { textExcerpt } from './text-excerpt.ts';

const SIDE = 512;
const QUALITY = 80;
const ALLOWED: Allowance = { seconds: 20, mostBytes: 2 * 1024 * 1024 };
/** A page is to be read. */
const PAGE_SIDE = 1400;
/** Each page that is asked for copies the file. */
const MOST_PAGED = 256 * 1024 * 1024;
const ALLOWED_PAGE: Allowance = { seconds: 20, mostBytes: 16 * 1024 * 1024 };
/** What stands between a HEIF picture and its preview. */
const ALLOWED_WHOLE: Allowance = { seconds: 20, mostBytes: 256 * 1024 * 1024 };
const MOST_SECONDS_OF_SOUND = '1200';

/** As png on standard output, without anything but pictures. */
const ONE_FRAME = ['-frames:v', '1', '-an', '-sn', '-dn', '-f', 'image2pipe', '-c:v', 'png', '-'];
const POSTER = `thumbnail=n=50,scale=w=${SIDE}:h=${SIDE}:force_original_aspect_ratio=decrease`;
const WAVEFORM = `[0:a:0]aformat=channel_layouts=mono,showwavespic=s=${SIDE}x128[shape]`;

export const previews: Previews = {
  async make(original, signal) {
    const media = mediaKindOf(original.mediaType);
    if (media === undefined) throw unsuitable(original);
    if (media.kind === 'text') return textExcerpt(original);
    await using folder = await PrivateFolder.create();
    await using file = await folder.copy(original);
    if (media.kind === 'heif') return await heifPreview(file.fd, folder.path, signal);
    const program = programFor(media);
    const bytes = await runProgram(program, file.fd, signal);
    // A film without pictures ends well and prints nothing.
    if (bytes.length === 0) throw unsuitable(original);
    return { mediaType: isDecodedHere(media) ? 'image/webp' : 'image/png', bytes };
  },

  async page(original, page, signal) {
    if (mediaKindOf(original.mediaType)?.kind !== 'pdf') throw unsuitable(original);
    if (original.size > MOST_PAGED) {
      throw new ArchiveError('work_limit', `it has more than ${MOST_PAGED} bytes`);
    }
    await using folder = await PrivateFolder.create();
    await using file = await folder.copy(original);
    // MuPDF draws the last page instead of one that is not there.
    const count = pagesIn(await runProgram(pageCountProgram(ALLOWED), file.fd, signal));
    if (page > count) throw new ArchiveError('input_invalid', `it has no page ${page}`);
    const bytes = await runProgram(pageProgram(page, PAGE_SIDE, ALLOWED_PAGE), file.fd, signal);
    return { mediaType: 'image/png', bytes };
  },
};

/** The number that `mutool show` prints, behind the name of its object where it is one of its own. */
function pagesIn(printed: Uint8Array): number {
  const [, count] = /(\d+)\s*$/.exec(Buffer.from(printed).toString('latin1')) ?? [];
  if (count === undefined)
    throw new ArchiveError('media_unreadable', 'its pages cannot be counted');
  return Number(count);
}

type Drawn = Exclude<MediaKind, { readonly kind: 'text' | 'heif' }> | { readonly kind: 'picture' };

function isDecodedHere({ kind }: MediaKind): boolean {
  return kind === 'picture' || kind === 'drawing';
}

function programFor(media: Drawn) {
  switch (media.kind) {
    case 'audio': {
      const shape = ['-filter_complex', WAVEFORM, '-map', '[shape]', '-t', MOST_SECONDS_OF_SOUND];
      return ffmpegProgram(media.demuxer, [...shape, ...ONE_FRAME], ALLOWED);
    }
    case 'video':
      return ffmpegProgram(media.demuxer, ['-vf', POSTER, ...ONE_FRAME], ALLOWED);
    case 'pdf':
      return pageProgram(1, SIDE, ALLOWED);
    default:
      return smallPicture(media.kind === 'drawing');
  }
}

function smallPicture(isDrawing: boolean) {
  return pictureProgram({ format: 'webp', side: SIDE, quality: QUALITY, isDrawing }, ALLOWED);
}

async function heifPreview(input: number, folder: string, signal?: AbortSignal): Promise<Preview> {
  const whole = 'whole.jpg';
  await runProgram(heifProgram(whole, folder, ALLOWED_WHOLE), input, signal);
  await using decoded = await open(join(folder, whole), 'r').catch((cause: unknown) => {
    throw new ArchiveError('media_unreadable', 'heif-convert found no single picture', { cause });
  });
  return {
    mediaType: 'image/webp',
    bytes: await runProgram(smallPicture(false), decoded.fd, signal),
  };
}

function unsuitable({ mediaType }: Original): ArchiveError {
  return new ArchiveError('media_unsuitable', `nothing here shows ${mediaType} at a glance`);
}
