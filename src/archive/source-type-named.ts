import { ArchiveError } from '../core/errors.ts';
import { parseSourceType, SOURCE_TYPES } from '../core/policy/source-types.ts';

/**
 * Returns the URI of a digital source type in use, from a URI or the last part of one.
 *
 * @throws {ArchiveError} `usage_invalid` for an unknown or retired one.
 */
export function sourceTypeUri(text: string): string {
  const type = parseSourceType(text) ?? parseSourceType(`digsrctype:${text}`);
  if (type === undefined || type.retired) {
    const live = SOURCE_TYPES.filter((known) => !known.retired);
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(text)} is no digital source type in use; one of ` +
        live.map((known) => known.uri.slice(known.uri.lastIndexOf('/') + 1)).join(', '),
    );
  }
  return type.uri;
}
