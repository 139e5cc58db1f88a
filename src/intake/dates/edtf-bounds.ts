import { z } from 'zod';

/**
 * First and last day that a parsed EDTF expression can mean. Written here because the package's own
 * minimum and maximum are wrong for half-open intervals and for lists that hold ranges.
 *
 * Approximate (`~`) and uncertain (`?`) say nothing about how far off, so they widen nothing. A season
 * is taken as its whole year: which months it means depends on the hemisphere. A month or day of which
 * only the last digit is known is taken as unknown, and so is the day of such a month, since the parser
 * does not give them back.
 */
interface Bounds {
  /** Null: open, or not known. */
  readonly earliest: Day | null;
  readonly latest: Day | null;
}

export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MOST_YEARS = 9_999_999;

/** Bits of an unspecified digit in `YYYYMMDD`, as the parser gives them: the first digit is 1. */
const YEAR_DIGIT = [1, 2, 4, 8];
const MONTH_TENS = 16;
const MONTH_UNITS = 32;
const DAY_TENS = 64;
const DAY_UNITS = 128;

const year = z.number().int().min(-MOST_YEARS).max(MOST_YEARS);

const point = z.union([
  z.object({ type: z.literal('Season'), values: z.tuple([year, z.number()]) }),
  z.object({
    type: z.literal('Year'),
    values: z.tuple([year]),
    significant: z.number().int().positive().optional(),
  }),
  z.object({
    /** The parser leaves the type out inside some intervals. */
    type: z.literal('Date').optional(),
    values: z.tuple([year], z.number().int()),
    unspecified: z.number().int().optional(),
  }),
]);

/** `null` for an end that is not known, infinity for one that is open. */
const end = z.union([
  point,
  z.null(),
  z.custom<number>((value) => value === Infinity || value === -Infinity).transform(() => null),
]);

function several<T extends 'Set' | 'List'>(type: T) {
  return z.object({
    type: z.literal(type),
    values: z.array(z.union([point, z.tuple([point, point])])).min(1),
    earlier: z.boolean().optional(),
    later: z.boolean().optional(),
  });
}

const expression = z.union([
  z.object({ type: z.literal('Interval'), values: z.tuple([end, end]) }),
  several('Set'),
  several('List'),
  point,
]);

type Point = z.output<typeof point>;

/** Returns the bounds of what `edtf.parse` returned; undefined for what has none or contradicts itself. */
export function boundsOf(parsed: unknown): Bounds | undefined {
  const read = expression.safeParse(parsed);
  if (!read.success) return undefined;
  const node = read.data;
  if (node.type === 'Interval') {
    return between(node.values[0], node.values[1]);
  }
  if (node.type === 'Set' || node.type === 'List') {
    const parts = node.values.map((part) =>
      Array.isArray(part) ? between(part[0], part[1]) : between(part, part),
    );
    const whole = union(parts);
    return whole === undefined
      ? undefined
      : {
          earliest: node.earlier === true ? null : whole.earliest,
          latest: node.later === true ? null : whole.latest,
        };
  }
  return between(node, node);
}

function between(from: Point | null, to: Point | null): Bounds | undefined {
  const earliest = from === null ? null : edgeOf(from, 'first');
  const latest = to === null ? null : edgeOf(to, 'last');
  if (earliest === undefined || latest === undefined) return undefined;
  if (earliest !== null && latest !== null && order(earliest, latest) > 0) return undefined;
  return { earliest, latest };
}

function union(parts: readonly (Bounds | undefined)[]): Bounds | undefined {
  let whole: Bounds | undefined;
  for (const part of parts) {
    if (part === undefined) return undefined;
    whole = {
      earliest: whole === undefined ? part.earliest : pick(whole.earliest, part.earliest, -1),
      latest: whole === undefined ? part.latest : pick(whole.latest, part.latest, 1),
    };
  }
  return whole;
}

function pick(a: Day | null, b: Day | null, side: 1 | -1): Day | null {
  if (a === null || b === null) return null;
  return order(a, b) * side > 0 ? a : b;
}

function order(a: Day, b: Day): number {
  return a.year - b.year || a.month - b.month || a.day - b.day;
}

type Edge = 'first' | 'last';

function edgeOf(node: Point, edge: Edge): Day | undefined {
  if (node.type === 'Season') return dayOf(node.values[0], undefined, undefined, 0, edge);
  if (node.type === 'Year') {
    return dayOf(
      significantYear(node.values[0], node.significant, edge),
      undefined,
      undefined,
      0,
      edge,
    );
  }
  const given = node.unspecified ?? 0;
  const mask = hasBit(given, MONTH_TENS) ? given | DAY_TENS : given;
  const [value, month, day] = node.values;
  return dayOf(yearOf(value, mask, edge), month, day, mask, edge);
}

function dayOf(
  inYear: number,
  monthIndex: number | undefined,
  dayOfMonth: number | undefined,
  mask: number,
  edge: Edge,
): Day | undefined {
  const month =
    monthIndex === undefined
      ? matching(1, true, true, 12, edge)
      : matching(monthIndex + 1, hasBit(mask, MONTH_TENS), hasBit(mask, MONTH_UNITS), 12, edge);
  if (month === undefined) return undefined;
  const length = daysIn(inYear, month);
  const day =
    dayOfMonth === undefined
      ? matching(1, true, true, length, edge)
      : matching(dayOfMonth, hasBit(mask, DAY_TENS), hasBit(mask, DAY_UNITS), length, edge);
  return day === undefined ? undefined : { year: inYear, month, day };
}

/**
 * Returns the first or last number from 1 to `most` with the digits of `value` that are known. A day that
 * the month at this edge does not have is taken as its last.
 */
function matching(
  value: number,
  tensUnknown: boolean,
  unitsUnknown: boolean,
  most: number,
  edge: Edge,
): number | undefined {
  const numbers = Array.from({ length: most }, (_, index) => index + 1).filter(
    (n) =>
      tensUnknown ||
      (unitsUnknown ? Math.floor(n / 10) === Math.floor(value / 10) : n === Math.min(value, most)),
  );
  return edge === 'first' ? numbers.at(0) : numbers.at(-1);
}

function yearOf(value: number, mask: number, edge: Edge): number {
  const digits = String(Math.abs(value)).padStart(4, '0');
  const farthest = (edge === 'last') === value >= 0 ? '9' : '0';
  const filled = [...digits].map((digit, index) =>
    hasBit(mask, YEAR_DIGIT[index] ?? 0) ? farthest : digit,
  );
  return Number(filled.join('')) * (value < 0 ? -1 : 1);
}

/** `1890S2`: only the first two digits are sure. */
function significantYear(value: number, significant: number | undefined, edge: Edge): number {
  const size = Math.abs(value);
  const unsure = String(size).length - (significant ?? Number.POSITIVE_INFINITY);
  if (unsure <= 0) return value;
  const unit = 10 ** unsure;
  const nearest = Math.floor(size / unit) * unit;
  const farthest = nearest + unit - 1;
  if (value < 0) return edge === 'first' ? -farthest : -nearest;
  return edge === 'first' ? nearest : farthest;
}

function hasBit(mask: number, bit: number): boolean {
  return (mask & bit) !== 0;
}

function daysIn(inYear: number, month: number): number {
  if (month === 2) {
    const leap = inYear % 4 === 0 && (inYear % 100 !== 0 || inYear % 400 === 0);
    return leap ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
