import type { ByteSource } from '../inspector.ts';
import { type RootElement, rootElement } from '../readers/root-element.ts';
import type { FileFormat } from './file-format.ts';

/** Media types by root element, and by namespace where the name alone would not do. */
const BY_ROOT: ReadonlyMap<string, string> = new Map([
  ['svg', 'image/svg+xml'],
  ['score-partwise', 'application/vnd.recordare.musicxml+xml'],
  ['score-timewise', 'application/vnd.recordare.musicxml+xml'],
  ['museScore', 'application/x-musescore+xml'],
  ['xmpmeta', 'application/rdf+xml'],
  ['RDF', 'application/rdf+xml'],
  ['TEI', 'application/tei+xml'],
  ['rss', 'application/rss+xml'],
  ['gpx', 'application/gpx+xml'],
  ['kml', 'application/vnd.google-earth.kml+xml'],
  ['ncx', 'application/x-dtbncx+xml'],
  ['math', 'application/mathml+xml'],
  ['COLLADA', 'model/vnd.collada+xml'],
  ['X3D', 'model/x3d+xml'],
]);

const BY_NAMESPACE: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/1999/xhtml', 'application/xhtml+xml'],
  ['http://www.idpf.org/2007/opf', 'application/oebps-package+xml'],
  ['http://www.w3.org/2005/Atom', 'application/atom+xml'],
]);

const XML_NAMES = /\.(?:xml|xsd|xsl|xslt|svg|opf|xhtml)$/i;

/** Returns what a document that begins as XML or HTML is, or undefined if it is rather a text. */
export function markupFormat(source: ByteSource): FileFormat | undefined {
  const root = rootElement(source);
  if (root === undefined) return undefined;
  const mediaType = mediaTypeOf(root);
  if (mediaType !== undefined) return { mediaType, basis: 'structure' };
  if (root.hasDeclaration) return { mediaType: 'application/xml', basis: 'structure' };
  return XML_NAMES.test(source.filename)
    ? { mediaType: 'application/xml', basis: 'extension' }
    : undefined;
}

function mediaTypeOf(root: RootElement): string | undefined {
  const known = BY_NAMESPACE.get(root.namespace) ?? BY_ROOT.get(root.name);
  return known ?? (root.name.toLowerCase() === 'html' ? 'text/html' : undefined);
}
