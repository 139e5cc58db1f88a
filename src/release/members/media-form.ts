/** How assets of a media type appear in a release: which shards, and under which file extension. */
export interface MediaForm {
  /** Medium and extension, `images-jpg`. Shards of one configuration hold one extension only. */
  readonly config: string;
  readonly extension: string;
}

const MEDIA: ReadonlyMap<string, string> = new Map(
  Object.entries({
    image: 'images',
    audio: 'audio',
    video: 'video',
    text: 'text',
    model: 'models',
    font: 'fonts',
  }),
);

/** Extensions that loaders know. What is not listed is `bin`: bytes, which no loader guesses at. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/apng': 'png',
    'image/webp': 'webp',
    'image/gif': 'gif',
    'image/tiff': 'tiff',
    'image/bmp': 'bmp',
    'image/avif': 'avif',
    'image/heic': 'heic',
    'image/heif': 'heif',
    'image/jxl': 'jxl',
    'image/jp2': 'jp2',
    'image/svg+xml': 'svg',
    'image/vnd.adobe.photoshop': 'psd',
    'audio/mpeg': 'mp3',
    'audio/ogg': 'ogg',
    'audio/opus': 'opus',
    'audio/flac': 'flac',
    'audio/wav': 'wav',
    'audio/x-wav': 'wav',
    'audio/vnd.wave': 'wav',
    'audio/aiff': 'aiff',
    'audio/mp4': 'm4a',
    'audio/x-m4a': 'm4a',
    'audio/aac': 'aac',
    'audio/midi': 'mid',
    'video/mp4': 'mp4',
    'video/webm': 'webm',
    'video/quicktime': 'mov',
    'video/x-matroska': 'mkv',
    'video/ogg': 'ogv',
    'text/plain': 'txt',
    'text/markdown': 'md',
    'text/html': 'html',
    'text/csv': 'csv',
    'text/xml': 'xml',
    'application/xhtml+xml': 'xhtml',
    'application/xml': 'xml',
    'application/pdf': 'pdf',
    'application/epub+zip': 'epub',
    'application/oebps-package+xml': 'opf',
    'application/zip': 'zip',
    'application/vnd.recordare.musicxml': 'mxl',
    'application/vnd.recordare.musicxml+xml': 'musicxml',
    'application/x-musescore': 'mscz',
    // `json` belongs to the sidecar, and loaders would parse it into columns that no two assets share.
    'application/json': 'jsontext',
    'model/obj': 'obj',
    'model/gltf-binary': 'glb',
    'model/stl': 'stl',
    'font/otf': 'otf',
    'font/ttf': 'ttf',
    'font/woff': 'woff',
    'font/woff2': 'woff2',
  }),
);

/**
 * Returns the form of a media type. It depends on nothing else, so a configuration keeps its name
 * from one version of a dataset to the next, whatever else joins.
 */
export function mediaForm(mediaType: string): MediaForm {
  const extension = EXTENSIONS.get(mediaType) ?? 'bin';
  const medium = MEDIA.get(mediaType.slice(0, mediaType.indexOf('/'))) ?? 'other';
  return { config: `${medium}-${extension}`, extension };
}
