import type { SourceFile } from '../languages/language.ts';
import type { Parameter } from '../languages/modprobe/arguments.ts';
import {
  type ConfigFile,
  filesInOrder,
  isReadName,
  type ModprobeConfig,
  readConfig,
} from '../languages/modprobe/config.ts';
import { linesRead } from '../languages/modprobe/linesRead.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { kmodMajor, type ModprobeLine, type ModprobeTree } from '../languages/modprobe/tree.ts';
import { hasIds, type IdEntry, idEntries, idsParameters } from '../languages/modprobe/vfioIds.ts';
import { spanIn } from '../syntax/wordLines.ts';
import type { Span } from '../text/span.ts';
import { siblingsOf, versionsOf, type World } from '../workspace/world.ts';
import { bootArguments } from './bootArguments.ts';

/** A file of modprobe.d that lies in the workspace. */
export interface LoadedFile extends ConfigFile {
  readonly uri: string;
}

/** One `ids=` for vfio-pci. */
export interface IdsSetting {
  /** The list as vfio-pci gets it. */
  readonly text: string;
  readonly entries: readonly IdEntry[];
  readonly uri: string;
  readonly span: Span;
  /** `vfio.conf`, or `the kernel command line`. */
  readonly where: string;
  /** Absent for the kernel command line. */
  readonly written: { readonly node: ModprobeLine; readonly ids: Parameter } | undefined;
}

/** Kept per World: what is known of the modprobe.d files of one host. Rules ask for it at every line. */
type PerHost<T> = WeakMap<World, Map<string, T>>;
const configs: PerHost<ModprobeConfig<LoadedFile>> = new WeakMap();
const settings: PerHost<readonly IdsSetting[]> = new WeakMap();

/**
 * What all modprobe.d files of the file's host say together. Only files of the workspace count. A file that does not lie
 * in a copied tree stands alone.
 */
export const moduleConfig = (world: World, file: SourceFile<ModprobeTree>): ModprobeConfig<LoadedFile> =>
  onceAHost(configs, world, file, () => readConfig(filesFor(world, file), kmodMajor(versionsOf(world, file).kmod)));

const filesFor = (world: World, file: SourceFile<ModprobeTree>): readonly LoadedFile[] =>
  isInTree(file) ? filesInOrder(siblingsOf(world, file, modprobe).map(loaded)) : alone(file);

/** Every `ids=` that vfio-pci gets, in order: the last one counts alone. */
export const idsSettings = (world: World, file: SourceFile<ModprobeTree>): readonly IdsSetting[] =>
  onceAHost(settings, world, file, () => {
    const kmod = kmodMajor(versionsOf(world, file).kmod);
    return [...filesFor(world, file).flatMap(one => idsIn(one, kmod)), ...onCommandLine(world, file)];
  });

const idsIn = ({ tree, uri, path }: LoadedFile, kmod: number): readonly IdsSetting[] =>
  [...linesRead(tree, kmod, hasIds)].flatMap(node =>
    idsParameters(node).map(ids => ({
      text: ids.value.text,
      entries: idEntries(ids.value),
      uri,
      span: spanIn(node.line, ids.whole),
      where: path.slice(path.lastIndexOf('/') + 1),
      written: { node, ids },
    })),
  );

/** The `ids=` that counts. */
export const idsInForce = (world: World, file: SourceFile<ModprobeTree>): IdsSetting | undefined =>
  idsSettings(world, file).at(-1);

const isInTree = (file: SourceFile): boolean => file.place.path.startsWith('/');

function onceAHost<T>(kept: PerHost<T>, world: World, file: SourceFile, make: () => T): T {
  const key = isInTree(file) ? `${file.place.root}\n${file.place.node ?? ''}` : file.uri;
  const known = kept.get(world) ?? new Map<string, T>();
  kept.set(world, known);
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

const loaded = ({ place, tree, uri }: SourceFile<ModprobeTree>): LoadedFile => ({ path: place.path, tree, uri });

const alone = (file: SourceFile<ModprobeTree>): readonly LoadedFile[] =>
  isReadName(file.place.path) ? [loaded(file)] : [];

function onCommandLine(world: World, file: SourceFile): readonly IdsSetting[] {
  const { configured } = bootArguments(world, file);
  return (configured ?? [])
    .filter(({ parameter }) => parameter.id === 'vfio_pci.ids' && parameter.hasEquals)
    .map(({ parameter, uri }) => {
      const { text, span } = parameter.value;
      const entries = idEntries({ text, start: 0, end: text.length });
      return { text, entries, uri, span, where: 'the kernel command line', written: undefined };
    });
}
