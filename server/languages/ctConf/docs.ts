import type { Library } from '../language.ts';
import { type FoundOption, own } from '../vmConf/schema.ts';

/** The texts of `data/ct-docs.json`: what no schema says. */
export interface CtDocs {
  readonly keys: Readonly<Record<string, CtKeyDocs>>;
  readonly families: Readonly<Record<string, CtKeyDocs>>;
  /** By key of LXC; one that ends in a dot is for all keys that start with it. */
  readonly raw: Readonly<Record<string, string>>;
  /** `delete` and `snapstate`. */
  readonly extra: Readonly<Record<string, string>>;
  /** By kind of section. */
  readonly sections: Readonly<Record<string, string>>;
  /** When a change counts, by `applies`. */
  readonly effects: Readonly<Record<string, string>>;
}

export interface CtValueDocs {
  readonly text: string;
  /** What single values mean. */
  readonly values?: Readonly<Record<string, string>>;
  /** Values to offer where the schema has no list. */
  readonly usual?: readonly string[];
}

export interface CtKeyDocs extends CtValueDocs {
  readonly applies: string;
  readonly example?: string;
  readonly properties?: Readonly<Record<string, CtValueDocs>>;
}

/** The texts about container configurations; empty where the build does not carry them. */
export const docsOf = (library: Library): CtDocs => library.read<CtDocs>('ct-docs') ?? noDocs;

/** What is known of an option or of the family that it belongs to. */
export const keyDocs = (docs: CtDocs, option: Pick<FoundOption, 'name' | 'index'>): CtKeyDocs | undefined =>
  own(option.index === undefined ? docs.keys : docs.families, option.name);

export const propertyDocs = (about: CtKeyDocs | undefined, name: string): CtValueDocs | undefined =>
  about?.properties && own(about.properties, name);

/** What is known of a key of LXC: its own text, else that of the longest start that has one. */
export function rawDocs(docs: CtDocs, key: string): string | undefined {
  for (let start = key; start !== ''; start = start.slice(0, start.lastIndexOf('.', start.length - 2) + 1)) {
    const text = own(docs.raw, start);
    if (text !== undefined) return text;
  }
  return undefined;
}

const noDocs: CtDocs = { keys: {}, families: {}, raw: {}, extra: {}, sections: {}, effects: {} };
