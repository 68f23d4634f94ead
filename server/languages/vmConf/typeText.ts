import type { OptionSchema, ValueSchema } from './schema.ts';

/** What kind of value it is, in a word or two: `boolean`, `1–64`, `property string`, `std | es | snp`. */
export function typeText(schema: ValueSchema | OptionSchema): string {
  if ('properties' in schema && schema.properties) return 'property string';
  if (schema.enum) return schema.enum.length <= 4 ? schema.enum.join(' | ') : 'one of a list';
  const range = rangeText(schema);
  const type = shapeText(schema) ?? schema.type ?? '';
  return range === undefined ? type : `${type} ${range}`;
}

/** The placeholder of a value where the schema has one that people can read; some are regular expressions. */
export const shapeText = ({ typetext }: ValueSchema): string | undefined =>
  typetext === undefined || typetext.includes('\\') ? undefined : typetext;

/** `1–64`, `≥ 16`; `undefined` without limits. */
export function rangeText({ minimum, maximum }: ValueSchema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum}–${maximum}`;
  if (minimum !== undefined) return `≥ ${minimum}`;
  return maximum === undefined ? undefined : `≤ ${maximum}`;
}

/** A default as it is written in the file: booleans as 1 and 0. */
export function defaultText({ default: value }: ValueSchema): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
