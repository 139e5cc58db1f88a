/**
 * Kinds of pictures that common loaders do not read, or read in parts: TIFF, layered files, camera raw,
 * scene-linear. A release takes renditions of them.
 */
const UNLOADABLE = /^image\/(tiff|vnd\.adobe\.photoshop|exr|aces|vnd\.dwg|x-(?!icon$).+)$/;

/** Says whether loaders need a rendition of assets of this media type. */
export function isUnloadable(mediaType: string): boolean {
  return UNLOADABLE.test(mediaType);
}
