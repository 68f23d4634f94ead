import { type LoadedFile, moduleConfig } from '../facts/moduleLoading.ts';
import type { SourceFile } from '../languages/language.ts';
import { parametersOf } from '../languages/modprobe/arguments.ts';
import type { ModprobeConfig } from '../languages/modprobe/config.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { canonicalName, type ModprobeTree, parseModprobe } from '../languages/modprobe/tree.ts';
import { modules } from '../languages/modules/modules.ts';
import { spanIn } from '../syntax/wordLines.ts';
import { siblingsOf } from '../workspace/world.ts';
import { inFile } from './evidence.ts';
import type { Evidence } from './readiness.ts';
import type { Scene } from './scene.ts';

/** What all files of modprobe.d say together; `undefined` where the VM's file lies in no tree of a host. */
export function modprobeOf(scene: Pick<Scene, 'world' | 'anchor'>): ModprobeConfig<LoadedFile> | undefined {
  const file = modprobePlace(scene);
  return file && moduleConfig(scene.world, file);
}

/** A file of modprobe.d, which need not exist: facts about all of them are asked for with one. */
export const modprobePlace = ({ anchor }: Pick<Scene, 'anchor'>): SourceFile<ModprobeTree> | undefined =>
  anchor.place.path.startsWith('/')
    ? {
        uri: '',
        place: { ...anchor.place, language: modprobe.id, path: '/etc/modprobe.d/' },
        lines: [''],
        tree: noLines,
      }
    : undefined;

const noLines = parseModprobe(['']);

/** True where any file of modprobe.d is known. */
export const hasModprobeFiles = ({ world, anchor }: Pick<Scene, 'world' | 'anchor'>): boolean =>
  siblingsOf(world, anchor, modprobe).some(file => file.place.path.startsWith('/'));

/** A parameter that a file of modprobe.d gives to a module; the last one of a name counts. */
export interface ModuleOption {
  /** Canonical name, underscores. */
  readonly module: string;
  readonly name: string;
  readonly value: string;
  /** As the kernel reads a bool: a bare word, 1, y or t. */
  readonly isOn: boolean;
  readonly evidence: Evidence;
}

export function moduleOptions(scene: Pick<Scene, 'world' | 'anchor'>): readonly ModuleOption[] {
  const found = new Map<string, ModuleOption>();
  for (const { name: module, file, node } of modprobeOf(scene)?.options ?? []) {
    const source = scene.world.files.get(file.uri);
    if (!source) continue;
    for (const { name, value, hasEquals, whole } of parametersOf(node)) {
      const id = canonicalName(name.text);
      found.set(`${module}.${id}`, {
        module,
        name: id,
        value: value.text,
        isOn: !hasEquals || /^(?:[1yYtT]|[oO][nN])/.test(value.text),
        evidence: inFile(source, spanIn(node.line, whole), `options ${module} ${whole.text}`),
      });
    }
  }
  return [...found.values()];
}

/** The lines of module lists (/etc/modules and the like) that name a module. */
export function listsModule(
  { world, anchor }: Pick<Scene, 'world' | 'anchor'>,
  ...wanted: readonly string[]
): readonly { readonly file: SourceFile; readonly line: number }[] {
  return siblingsOf(world, anchor, modules).flatMap(file =>
    file.lines.flatMap((text, line) =>
      wanted.includes(canonicalName(/^\s*([\w-]+)/.exec(text)?.[1] ?? '')) ? [{ file, line }] : [],
    ),
  );
}
