/**
 * What a reviewer asks, by medium. A review names its rubric (`image-1`); a changed list of questions
 * gets another number, so that it stays plain what was asked.
 */
export const RUBRICS = {
  'image-1': [
    'Does the picture show a medium and a hand: line, grain, brush, lens, print or scan?',
    'Do layers, drafts, negatives or the physical item lead to this very picture?',
    'Do the dates of item, working files and metadata fit each other and the tools named?',
    'Is any part repeated, melted or lettered in a way that the working files do not explain?',
  ],
  'text-1': [
    'Do drafts or an edition lead to this very text?',
    'Do the dates of drafts, publication and tools fit each other?',
    'Is any passage without a source in the drafts, and who wrote it?',
  ],
  'audio-1': [
    'Do takes, stems or a project lead to this very recording?',
    'Who plays and sings, and is each of them named or unknown?',
    'Do the dates of session, project and release fit each other?',
  ],
  'video-1': [
    'Do rushes or a project lead to this very cut?',
    'Does anybody appear or speak who was not there?',
    'Do the dates of shooting, project and release fit each other?',
  ],
  'code-1': [
    'Does a history of commits lead to this very state?',
    'Do authors and dates of the commits fit the tools named?',
    'Is any file without history, and where does it come from?',
  ],
  'item-1': [
    'Is the item in the source that the attestation names, with that date?',
    'Is it the item that the file shows?',
    'Are digitisation date, source type and what is said of the maker right?',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Rubric = keyof typeof RUBRICS;

const NAMES = Object.keys(RUBRICS) as Rubric[];

/** What a rubric may be called by: its name or its medium, `image-1`, `image`. */
export const RUBRIC_WORDS: readonly string[] = NAMES.flatMap((name) => [name, mediumOf(name)]);

/** Returns the rubric of a word; undefined for another one. */
export function rubricNamed(text: string): Rubric | undefined {
  return NAMES.find((name) => name === text || mediumOf(name) === text);
}

function mediumOf(name: Rubric): string {
  return name.slice(0, name.lastIndexOf('-'));
}
