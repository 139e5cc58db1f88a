import { z } from 'zod';

/** Characters of what is said of data that breaks its schema; it may name a hundred thousand fields. */
const MAX_FAULT = 500;

/**
 * A list as `z.array`, but read up to its first fault: of a list without bound, zod would note every bad
 * item, and a message of four megabytes would cost minutes and gigabytes.
 */
export function listOf<T extends z.ZodType>(
  item: T,
  { max = Number.POSITIVE_INFINITY } = {},
): z.ZodType<z.output<T>[]> {
  return z.unknown().transform((value, context) => {
    if (!Array.isArray(value)) return broken(context, 'must be a list');
    if (value.length > max) return broken(context, `must have at most ${max} items`);
    const items: z.output<T>[] = [];
    for (const [place, one] of value.entries()) {
      const read = item.safeParse(one);
      if (!read.success) return broken(context, read.error, place);
      items.push(read.data);
    }
    return items;
  });
}

/**
 * A map as `z.record`, read up to its first fault for the reason of {@link listOf}. Its keys come sorted, so that
 * what was just made and what is read from its block later are written alike.
 */
export function mapOf<K extends z.ZodType<string>, V extends z.ZodType>(
  key: K,
  item: V,
): z.ZodType<Record<z.output<K>, z.output<V>>> {
  return z.unknown().transform((value, context) => {
    if (!isMap(value)) return broken(context, 'must be a map');
    const items: Record<string, z.output<V>> = {};
    for (const name of Object.keys(value).sort()) {
      // As a property it would be something else; zod leaves it out as well.
      if (name === '__proto__') continue;
      const known = key.safeParse(name);
      if (!known.success) return broken(context, known.error, name);
      const read = item.safeParse(value[name]);
      if (!read.success) return broken(context, read.error, name);
      items[known.data] = read.data;
    }
    return items as Record<z.output<K>, z.output<V>>;
  });
}

/** Says what is wrong with data, in few words however much is. */
export function faultOf(error: z.ZodError): string {
  const text = z.prettifyError(error);
  return text.length <= MAX_FAULT ? text : `${text.slice(0, MAX_FAULT)}…`;
}

/** Hands on the first fault, and no more. */
function broken(context: z.RefinementCtx, fault: string | z.ZodError, place?: Place): never {
  const first = typeof fault === 'string' ? { message: fault, path: [] } : fault.issues[0];
  const { message = 'is not as it must be', path = [] } = first ?? {};
  const where = place === undefined ? path : [place, ...path];
  context.addIssue({ code: 'custom', message, path: where });
  return z.NEVER;
}

type Place = string | number;

function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
