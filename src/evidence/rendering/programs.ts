import type { PictureOrder } from './picture-order.ts';
import type { Program } from './run-program.ts';

const WORKER = new URL('./picture-worker.ts', import.meta.url).pathname;
const INPUT = '/dev/stdin';

/** How much a program may take for one asset. */
export type Allowance = Pick<Program, 'seconds' | 'mostBytes'>;

/** Has a process of its own decode a picture with sharp. */
export function pictureProgram(order: PictureOrder, allowed: Allowance): Program {
  return { name: process.execPath, args: [WORKER, JSON.stringify(order)], ...allowed };
}

/**
 * Has ffmpeg read its standard input, which is a file, and nothing else: no other protocol, and of files
 * none that the input names, since the form that is read has no references that are followed.
 */
export function ffmpegProgram(
  demuxer: string,
  output: readonly string[],
  allowed: Allowance,
): Program {
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'quiet', '-threads', '1'];
  const input = ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${INPUT}`];
  return { name: 'ffmpeg', args: [...quiet, ...input, ...output], ...allowed };
}

/** Has MuPDF draw a page, by its number from 1, or the last one; it runs no script of a document. */
export function pageProgram(page: number, side: number, allowed: Allowance): Program {
  const size = ['-w', String(side), '-h', String(side)];
  return {
    name: 'mutool',
    args: ['draw', '-q', '-F', 'png', ...size, '-o', '-', INPUT, String(page)],
    ...allowed,
  };
}

/** Has MuPDF print how many pages a document says that it has. */
export function pageCountProgram(allowed: Allowance): Program {
  return { name: 'mutool', args: ['show', '-g', INPUT, 'trailer/Root/Pages/Count'], ...allowed };
}

/** Has libheif write the picture into the folder where it runs. */
export function heifProgram(file: string, folder: string, allowed: Allowance): Program {
  return { name: 'heif-convert', args: ['-q', '90', INPUT, file], folder, ...allowed };
}
