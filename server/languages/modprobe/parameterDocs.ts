import { referenceOf } from '../kernelCmdline/reference.ts';
import type { Library } from '../language.ts';
import { kernelModules } from './kernelModules.ts';

/** What is written about one parameter of a module. */
export interface ParameterDoc {
  readonly doc: string;
  /** Values with what they do. */
  readonly values?: Readonly<Record<string, string>>;
  readonly note?: string;
}

/** `module-parameters.json`, our own words. Types stand there for modules that the kernel does not bring along. */
interface ParameterFile {
  readonly modules: Readonly<Record<string, Readonly<Record<string, ParameterDoc & { readonly type?: string }>>>>;
}

const written = (
  library: Library,
  module: string,
): Readonly<Record<string, ParameterDoc & { readonly type?: string }>> => {
  const modules = library.read<ParameterFile>('module-parameters')?.modules ?? {};
  return Object.hasOwn(modules, module) ? (modules[module] ?? {}) : {};
};

/** `undefined` where nothing is written about it. The text is Markdown. */
export function parameterDoc(library: Library, module: string, parameter: string): ParameterDoc | undefined {
  const onCommandLine = referenceOf(library, `${module}.${parameter.replaceAll('-', '_')}`);
  if (onCommandLine) return onCommandLine.reference;
  const own = written(library, module);
  return Object.hasOwn(own, parameter) ? own[parameter] : undefined;
}

/** Every parameter of a module that is known, with its type, which may be empty. */
export function parametersKnown(library: Library, module: string): ReadonlyMap<string, string> {
  const documented = Object.entries(written(library, module)).map(([name, { type }]) => [name, type ?? ''] as const);
  return new Map([...documented, ...(kernelModules(library)?.parameters(module) ?? [])]);
}

/** Names of all modules that something is known of, those that the kernel does not bring along too. */
export function knownModules(library: Library): readonly string[] {
  let names = namesOf.get(library);
  if (!names) {
    const described = Object.keys(library.read<ParameterFile>('module-parameters')?.modules ?? {});
    names = [...new Set([...(kernelModules(library)?.names ?? []), ...described])];
    namesOf.set(library, names);
  }
  return names;
}

const namesOf = new WeakMap<Library, readonly string[]>();

/** Values to offer for a parameter: those that are described, else those of its type. */
export function parameterValues(
  doc: ParameterDoc | undefined,
  type: string | undefined,
): readonly { readonly text: string; readonly detail?: string }[] {
  const described = Object.entries(doc?.values ?? {}).map(([text, detail]) => ({ text, detail }));
  if (described.length > 0) return described;
  return type === 'bool' || type === 'bint' || type === 'invbool' ? [{ text: '1' }, { text: '0' }] : [];
}

/** A parameter's type in words; '' where it is not known. */
export function typeName(type: string | undefined): string {
  if (!type) return '';
  if (type.endsWith('[]')) return `list of ${typeName(type.slice(0, -2))}`;
  return Object.hasOwn(typeNames, type) ? (typeNames[type] as string) : type;
}

const typeNames: Readonly<Record<string, string>> = {
  bool: 'on or off',
  bint: 'on or off',
  invbool: 'on or off, reversed',
  charp: 'text',
  string: 'text',
  int: 'number',
  uint: 'number from 0',
  short: 'number',
  ushort: 'number from 0',
  long: 'number',
  ulong: 'number from 0',
  ullong: 'number from 0',
  byte: 'number from 0 to 255',
  hexint: 'hexadecimal number',
  xint: 'number',
};
