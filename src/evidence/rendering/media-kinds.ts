import { isShownAsText } from '../../core/renditions/shown-as-text.ts';
import { PICTURES } from '../fingerprints/picture.ts';

/**
 * How ffmpeg must read each type. The form is never guessed from the bytes: a playlist or a list of
 * files, which would name others, is read as what it is not and refused.
 */
const DEMUXERS: Readonly<Record<string, string>> = {
  'audio/aac': 'aac',
  'audio/aiff': 'aiff',
  'audio/flac': 'flac',
  'audio/mp4': 'mov',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/opus': 'ogg',
  'audio/vnd.wave': 'wav',
  'audio/wav': 'wav',
  'audio/x-flac': 'flac',
  'audio/x-m4a': 'mov',
  'audio/x-wav': 'wav',
  'video/matroska': 'matroska',
  'video/mp4': 'mov',
  'video/mpeg': 'mpeg',
  'video/ogg': 'ogg',
  'video/quicktime': 'mov',
  'video/vnd.avi': 'avi',
  'video/webm': 'matroska',
  'video/x-m4v': 'mov',
  'video/x-matroska': 'matroska',
  'video/x-msvideo': 'avi',
};

/** What is read by which program. */
export type MediaKind =
  | { readonly kind: 'picture' | 'drawing' | 'heif' | 'pdf' | 'text' }
  | { readonly kind: 'audio' | 'video'; readonly demuxer: string };

const HEIF = /^image\/hei[cf](-sequence)?$/;

/** Returns how assets of a media type are read; undefined where nothing here reads them. */
export function mediaKindOf(mediaType: string): MediaKind | undefined {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (PICTURES.has(type)) return { kind: 'picture' };
  if (type === 'image/svg+xml') return { kind: 'drawing' };
  if (HEIF.test(type)) return { kind: 'heif' };
  if (type === 'application/pdf') return { kind: 'pdf' };
  if (Object.hasOwn(DEMUXERS, type)) {
    return { kind: type.startsWith('audio/') ? 'audio' : 'video', demuxer: DEMUXERS[type] ?? '' };
  }
  return isShownAsText(type) ? { kind: 'text' } : undefined;
}
