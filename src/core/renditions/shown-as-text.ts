const TEXT =
  /^(text\/.+|application\/(json|ld\+json|xml|xhtml\+xml|x-subrip|rtf|postscript|.+\+xml))$/;

/** Says whether what is of a media type, in lower case and without parameters, is at a glance the beginning of its text. */
export function isShownAsText(mediaType: string): boolean {
  return TEXT.test(mediaType);
}
