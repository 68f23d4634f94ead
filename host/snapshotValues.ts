import type { Bar, MdevType } from './inventory.ts';
import { parsePciAddress } from './pciAddress.ts';
import { jsonString, readJsonString } from './snapshotText.ts';

/** How one kind of value stands behind `key: ` in a snapshot; `read(write(x))` is `x` again. */
export interface Codec<T> {
  /** What the lines with this key say, at least one; `undefined`: not understood. */
  read(lines: readonly string[]): T | undefined;
  write(value: T): readonly string[];
}

/** The properties of `T` and their keys in a snapshot. The compiler sees to it that none is forgotten. */
export type Fields<T> = {
  readonly [K in keyof T]-?: readonly [key: string, codec: Codec<Exclude<T[K], undefined>>];
};

/** Plain data under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Puts what `values` says into `draft`; calls `problem` for each key that is unknown or not understood. */
export function readFields<T extends object>(
  fields: Partial<Fields<T>>,
  values: ReadonlyMap<string, readonly string[]>,
  draft: Partial<Draft<T>>,
  problem: (text: string) => void,
): void {
  const names = new Map(namesOf(fields).map(name => [fields[name]![0], name]));
  for (const [key, lines] of values) {
    const name = names.get(key);
    const value = name === undefined ? undefined : fields[name]![1].read(lines);
    if (name === undefined) problem(`unknown key "${key}"`);
    else if (value === undefined) problem(`"${key}: ${lines[0]}" is not understood`);
    else draft[name] = value;
  }
}

/** The `key: value` lines for what `source` knows, in the order of `fields`, without indentation. */
export function writeFields<T extends object>(fields: Partial<Fields<T>>, source: T): string[] {
  return namesOf(fields).flatMap(name => {
    const [key, codec] = fields[name]!;
    const value = source[name];
    return value === undefined
      ? []
      : codec.write(value as Exclude<T[keyof T], undefined>).map(line => `${key}: ${line}`);
  });
}

function namesOf<T extends object>(fields: Partial<Fields<T>>): (keyof T)[] {
  return Object.keys(fields) as (keyof T)[];
}

/** A codec for values that always stand on one line. */
const oneLine = <T>(read: (text: string) => T | undefined, write: (value: T) => string): Codec<T> => ({
  read: lines => read(lines.at(-1) ?? ''),
  write: value => [write(value)],
});

/** Free text; quoted as a JSON string where it would not survive as it stands. */
export const text = oneLine<string>(unquote, quote);

/** A whole number, decimal. */
export const integer = oneLine<number>(readInteger, String);

export const flag = oneLine<boolean>(
  word => (word === 'yes' ? true : word === 'no' ? false : undefined),
  value => (value ? 'yes' : 'no'),
);

/** A hexadecimal number of exactly `digits` digits, as lower-case text. */
export const hex = (digits: number): Codec<string> => {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`, 'i');
  return oneLine(
    word => (pattern.test(word) ? word.toLowerCase() : undefined),
    value => value,
  );
};

export const oneOf = <T extends string>(...words: readonly T[]): Codec<T> =>
  oneLine(
    word => words.find(candidate => candidate === word),
    value => value,
  );

export const address = oneLine(parsePciAddress, value => value);

/** A value that may be known to be none, which is written as `none`. */
export const orNone = <T>(codec: Codec<T>): Codec<T | null> => ({
  read: lines => (lines.at(-1) === 'none' ? null : codec.read(lines)),
  write: value => (value === null ? ['none'] : codec.write(value)),
});

/** A list on one line, separated by blanks; the empty list is `none`. */
export const list = <T>(codec: Codec<T>): Codec<readonly T[]> =>
  oneLine(words => readList(codec, words), writeList(codec));

/** A list with a line for each item, for items that are long; the empty list is `none`. */
export const lines = <T>(codec: Codec<T>): Codec<readonly T[]> => ({
  read: found => (found.length === 1 && found[0] === 'none' ? [] : allKnown(found.map(line => codec.read([line])))),
  write: items => (items.length ? items.flatMap(item => codec.write(item)) : ['none']),
});

/** One word: as `text`, but quoted if it holds a blank. */
export const word = oneLine<string>(unquote, value => (/\s/.test(value) ? jsonString(value) : quote(value)));

/** Ids of four hex digits and what they are called. */
export interface Named {
  readonly ids: readonly (string | undefined)[];
  readonly name: string | undefined;
}

/** `10de NVIDIA Corporation` or, with two ids, `1458:4131 Gigabyte`; an id that is not known is `?`. */
export const named = (count: 1 | 2): Codec<Named> =>
  oneLine(
    line => {
      const [, idText, name] = /^(\S+)(?: (.*))?$/s.exec(line) ?? [];
      const ids = idText?.toLowerCase().split(':') ?? [];
      if (ids.length !== count || !ids.every(id => /^(?:\?|[0-9a-f]{4})$/.test(id))) return undefined;
      return {
        ids: ids.map(id => (id === '?' ? undefined : id)),
        name: name === undefined ? undefined : unquote(name),
      };
    },
    ({ ids, name }) => {
      const idText = ids.map(id => id ?? '?').join(':');
      return name === undefined ? idText : `${idText} ${quote(name)}`;
    },
  );

/** `0 256M prefetchable`: index, size in bytes or binary multiples, kind. */
export const bar = oneLine<Bar>(
  line => {
    const found = /^(\d{1,3}) (\d{1,16})([KMGT]?)( prefetchable)?$/.exec(line);
    if (!found) return undefined;
    const size = Number(found[2]) * 1024 ** ' KMGT'.indexOf(found[3] || ' ');
    return { index: Number(found[1]), size, prefetchable: found[4] !== undefined };
  },
  ({ index, size, prefetchable }) => `${index} ${writeSize(size)}${prefetchable ? ' prefetchable' : ''}`,
);

/** `nvidia-63 nvidia 4 "GRID P40-1Q" ?`: id, interface, free instances, name, description; `?` is unknown. */
export const mdevType = oneLine<MdevType>(
  line => {
    const [id, kind, available, name, description] = tokens(line).map(token => (token === '?' ? undefined : token));
    if (id === undefined || (kind !== 'mdev' && kind !== 'nvidia')) return undefined;
    const [idText, nameText, descriptionText] = [id, name, description].map(token => token && unquote(token));
    const count = available === undefined ? undefined : readInteger(available);
    return { id: idText ?? id, interface: kind, available: count, name: nameText, description: descriptionText };
  },
  type =>
    [type.id, type.interface, type.available, type.name, type.description]
      .map(part => (part === undefined ? '?' : typeof part === 'number' ? String(part) : writeToken(part)))
      .join(' '),
);

/** Splits at blanks; a JSON string is one token, blanks and all. */
export const tokens = (line: string): string[] => line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];

/** One word of a line: quoted where it is empty, holds blanks or could be read as something else. */
export const writeToken = (value: string): string =>
  value === '?' || value === 'none' || /\s/.test(value) ? jsonString(value) : quote(value);

/** Undoes `quote`. */
export function unquote(value: string): string {
  return value.startsWith('"') ? (readJsonString(value) ?? value) : value;
}

/** The text itself, or a JSON string where the text could not be told from something else or would be damaged. */
export function quote(value: string): string {
  const plain =
    value !== '' && value !== 'none' && !/^["#=|!?\\\s]|[\x00-\x1f\x7f\u2028\u2029\p{Surrogate}]|\s$/u.test(value);
  return plain ? value : jsonString(value);
}

function readInteger(digits: string): number | undefined {
  return /^-?\d{1,16}$/.test(digits) ? Number(digits) : undefined;
}

function readList<T>(codec: Codec<T>, words: string): readonly T[] | undefined {
  return words === 'none' ? [] : allKnown(tokens(words).map(token => codec.read([token])));
}

const writeList =
  <T>(codec: Codec<T>) =>
  (items: readonly T[]): string =>
    items.length ? items.flatMap(item => codec.write(item)).join(' ') : 'none';

function allKnown<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const known = items.filter(item => item !== undefined);
  return known.length === items.length ? known : undefined;
}

function writeSize(size: number): string {
  let units = 0;
  let rest = size;
  while (units < 4 && rest > 0 && rest % 1024 === 0) {
    rest /= 1024;
    units++;
  }
  return `${rest}${' KMGT'[units]!.trim()}`;
}
