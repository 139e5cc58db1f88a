import { TEXT } from '../text/english.ts';

const { hows, declares, declaresNone, declaresSome } = TEXT.makers.sign;
const HOWS: ReadonlyMap<string, string> = new Map(Object.entries(hows));

/** Says in plain words what a declaration says. */
export function declarationText({
  digitalSourceType,
  generative,
  tools,
}: {
  readonly digitalSourceType: string | null;
  readonly generative: string;
  readonly tools: readonly string[];
}): string {
  const name = digitalSourceType?.slice(digitalSourceType.lastIndexOf('/') + 1) ?? '';
  const declared = declares(HOWS.get(name) ?? name, tools.join(', '));
  return `${declared} ${generative === 'none' ? declaresNone : declaresSome}`;
}
