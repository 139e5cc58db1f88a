import { fstatSync, readSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Sharp } from 'sharp';
import { Unreadable } from '../inspector.ts';
import { NamelessFile } from '../nameless-file.ts';
import { type GreyPicture, writeGrey } from '../pictures/grey-picture.ts';

/** libvips writes the pixels of a TIFF without compression one after the other, right after this. */
const TIFF_HEADER = 8;
/** What it writes besides: a directory, and two numbers for each strip of rows. */
const MOST_BESIDE = 4 * 1024 * 1024;
const MOST_CHANNELS = 4;
const PIXELS_AT_ONCE = 1024 * 1024;

/**
 * Returns the grey values of a picture that is too large to be in memory in colour. It is decoded into a file of the
 * temporary folder that has no name and is gone afterwards, and read from there in pieces.
 *
 * @throws {Unreadable} `io` where there is no room for it, `malformed`.
 */
export async function largePicture(picture: Sharp, pixels: number): Promise<GreyPicture> {
  refuseWithoutRoom(pixels * MOST_CHANNELS + MOST_BESIDE);
  using file = new NamelessFile();
  const { width, height, channels } = await picture
    .tiff({ compression: 'none', predictor: 'none' })
    .toFile(`/dev/fd/${file.fd}`);
  const grey = new Uint8Array(width * height);
  const beside = fstatSync(file.fd).size - grey.length * channels;
  if (beside < TIFF_HEADER || beside > MOST_BESIDE) {
    throw new Unreadable(
      'malformed',
      'the picture was decoded into something else than its pixels',
    );
  }
  const room = new Uint8Array(PIXELS_AT_ONCE * channels);
  for (let at = 0; at < grey.length; at += PIXELS_AT_ONCE) {
    const part = grey.subarray(at, at + PIXELS_AT_ONCE);
    const colours = room.subarray(0, part.length * channels);
    readWhole(file.fd, colours, TIFF_HEADER + at * channels);
    writeGrey(colours, channels, part);
  }
  return { width, height, grey };
}

function refuseWithoutRoom(bytes: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize >= bytes) return;
  throw new Unreadable('io', `the temporary folder has no room for a picture of ${bytes} bytes`);
}

function readWhole(fd: number, into: Uint8Array, offset: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(fd, into, done, into.length - done, offset + done);
    if (read === 0) throw new Unreadable('malformed', 'the picture was decoded in part only');
    done += read;
  }
}
