import type { Library } from '../language.ts';
import { kernelModules } from '../modprobe/kernelModules.ts';

/** One kernel parameter as the data file `kernel-parameters` tells it. */
export interface ParameterReference {
  readonly doc: string;
  /** How it is written: `name`, `name=value`, or either; `value` where nothing is said. */
  readonly form?: 'flag' | 'value' | 'either';
  /** What it takes, where that is no list of words: `a list of CPUs`. */
  readonly takes?: string;
  /** The words it takes, with what they do. */
  readonly values?: Readonly<Record<string, string>>;
  /** Several values may stand behind each other, with commas between them. */
  readonly list?: boolean;
  /** May be there several times, each adding to the others. */
  readonly repeats?: boolean;
  /** Version notes: since when it exists, is the default or does nothing. */
  readonly note?: string;
}

interface ParameterFile {
  readonly parameters: Readonly<Record<string, ParameterReference>>;
}

/** All parameters by name, as they are usually written. Empty where the data is not part of this build. */
export const parameterNames = (library: Library): Readonly<Record<string, ParameterReference>> =>
  library.read<ParameterFile>('kernel-parameters')?.parameters ?? {};

const indexes = new WeakMap<object, ReadonlyMap<string, { name: string; reference: ParameterReference }>>();

/** A parameter by its id (dashes as underscores), with the name it is usually written with. */
export function referenceOf(
  library: Library,
  id: string,
): { readonly name: string; readonly reference: ParameterReference } | undefined {
  const all = parameterNames(library);
  let index = indexes.get(all);
  if (!index) {
    index = new Map(
      Object.entries(all).map(([name, reference]) => [name.replaceAll('-', '_'), { name, reference }] as const),
    );
    indexes.set(all, index);
  }
  return index.get(id);
}

/** The parameters of a kernel module with their types, such as `bool` or `int[]`; none where nothing is known of it. */
export const moduleParameters = (library: Library, module: string): ReadonlyMap<string, string> =>
  kernelModules(library)?.parameters(module) ?? new Map();

/** The type of `module.parameter`. */
export function moduleParameterType(library: Library, id: string): string | undefined {
  const dot = id.indexOf('.');
  return dot > 0 ? moduleParameters(library, id.slice(0, dot)).get(id.slice(dot + 1)) : undefined;
}
