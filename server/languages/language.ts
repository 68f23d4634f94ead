import type { Inventory, PackageVersions } from '../../host/inventory.ts';
import type { Edit } from '../text/edit.ts';
import type { Lines } from '../text/lines.ts';
import type { Position, Span } from '../text/span.ts';

export type LanguageId =
  | 'pve-vm-conf'
  | 'pve-ct-conf'
  | 'modprobe'
  | 'modules'
  | 'kernel-cmdline'
  | 'grub-default'
  | 'sysfs-conf'
  | 'pve-mapping'
  | 'pve-storage'
  | 'pve-cpu-models';

/** One parsed file. Immutable: a changed text is another `SourceFile`. */
export interface SourceFile<Tree = unknown> {
  readonly uri: string;
  readonly place: Place;
  readonly lines: Lines;
  readonly tree: Tree;
}

/** What a path tells about a file. */
export interface Place {
  readonly language: LanguageId;
  /** The directory that holds `etc/`, as a URI without a slash at the end; '' where the path has no `etc/`. */
  readonly root: string;
  /** Path on the host, from `/etc` on (`/etc/modprobe.d/vfio.conf`); the bare file name where there is no `etc/`. */
  readonly path: string;
  /** From `/etc/pve/nodes/NODE/…`; `undefined` where the path does not say it. */
  readonly node: string | undefined;
  /** From `qemu-server/VMID.conf` and `lxc/CTID.conf`. */
  readonly vmid: number | undefined;
}

/**
 * One kind of file: everything that can be said of it from the text itself, the host and the files around it.
 * Adding a language is one folder with such an object, a line in `languages/index.ts`, a grammar and a manifest entry.
 * No method throws, whatever the text; absent methods mean "nothing of the kind here".
 */
export interface Language<Tree = unknown> {
  readonly id: LanguageId;
  /** What people call such a file, for messages: `VM configuration`. */
  readonly name: string;
  /** Globs over the whole path, the same strings as in package.json. */
  readonly patterns: readonly string[];
  /** What starts a comment that may carry a suppression; `undefined` where comments are content. */
  readonly lineComment: string | undefined;
  /** Parsing cannot fail. With the previous tree of the same file, unchanged lines are not read again. */
  parse(lines: Lines, previous?: Tree): Tree;
  complete?(file: SourceFile<Tree>, at: Position, around: Surroundings): readonly Suggestion[];
  hover?(file: SourceFile<Tree>, at: Position, around: Surroundings): Description | undefined;
  symbols?(file: SourceFile<Tree>): readonly SymbolNode[];
  folds?(file: SourceFile<Tree>): readonly Fold[];
  /** Every place that defines or uses a name; definition, references, highlights and rename are made of them. */
  names?(file: SourceFile<Tree>): readonly NameUse[];
  hints?(file: SourceFile<Tree>, around: Surroundings): readonly Hint[];
  lenses?(file: SourceFile<Tree>, around: Surroundings): readonly Lens[];
  signature?(file: SourceFile<Tree>, at: Position, around: Surroundings): Signature | undefined;
  /** Ever larger stretches around a position, the smallest first. */
  selections?(file: SourceFile<Tree>, at: Position): readonly Span[];
  /** Stretches that a grammar cannot tell apart. */
  semanticTokens?(file: SourceFile<Tree>): readonly SemanticToken[];
  /** The whole text as its owner would write it. */
  format?(file: SourceFile<Tree>): string;
  /**
   * What makes this file take PCI functions (`0000:01:00.0`) that somebody drops or inserts at a position. Nothing for
   * those that it has already.
   */
  takeDevices?(
    file: SourceFile<Tree>,
    at: Position,
    addresses: readonly string[],
    around: Surroundings,
  ): readonly Edit[];
  /** Rewrites that are no fixes: sort, expand, move. */
  refactorings?(file: SourceFile<Tree>, at: Span, around: Surroundings): readonly Refactoring[];
}

/** What a language may know beyond its own file. Everything may be missing. */
export interface Surroundings {
  /** The host that the file belongs to, as last seen. */
  readonly inventory: Inventory | undefined;
  /** Names of the nodes of the file's cluster, as far as files and hosts tell; sorted. */
  readonly nodes: readonly string[];
  /** What is known of another node of the cluster. */
  inventoryOfNode(node: string): Inventory | undefined;
  /** Versions from the host, else from the settings, else `undefined`: the newest known. */
  readonly versions: PackageVersions;
  /** The other files of the same node and of its cluster, in one language; the file itself is among them. */
  siblings<Tree>(language: Language<Tree>): readonly SourceFile<Tree>[];
  /** Who claims a PCI function (`0000:01:00.0`), this file left out. */
  claims(address: string): readonly Claim[];
  readonly library: Library;
  /** Random numbers in [0, 1) for fresh MAC addresses and UUIDs; a seeded one in tests. */
  random(): number;
}

/** A guest or mapping that names a device. */
export interface Claim {
  readonly address: string;
  readonly by: 'vm' | 'container' | 'mapping';
  /** `VM 101 (media)`, `mapping gpu`. */
  readonly label: string;
  readonly uri: string;
  readonly span: Span;
}

/** Data files that are read when they are first needed. */
export interface Library {
  /** `undefined` where the file is not part of this build. The caller knows the shape it committed. */
  read<T>(name: string): T | undefined;
}

export type SuggestionKind =
  | 'key'
  | 'property'
  | 'value'
  | 'device'
  | 'module'
  | 'section'
  | 'snippet'
  | 'reference'
  | 'file';

/** One completion. */
export interface Suggestion {
  readonly label: string;
  readonly kind: SuggestionKind;
  /** What is replaced; the cursor lies in it, and it is on the cursor's line. */
  readonly replace: Span;
  readonly insert: string;
  /** The text has `$1`, `${1:x}` stops. */
  readonly snippet?: boolean;
  /** Shown at the row's end, or behind the label where there is no note: type, group, driver. */
  readonly detail?: string;
  /** Shown right behind the label: name of a device. */
  readonly note?: string;
  /** Markdown; text from files and hosts in it is escaped. */
  readonly documentation?: string;
  readonly filter?: string;
  readonly sort?: string;
  /** Ask for completions again after this one was taken (a key that wants a value). */
  readonly again?: boolean;
  readonly deprecated?: boolean;
}

/** A hover: Markdown over the stretch that it is about. */
export interface Description {
  readonly span: Span;
  readonly markdown: string;
}

export type SymbolKind = 'section' | 'key' | 'device' | 'module' | 'value' | 'string';

export interface SymbolNode {
  readonly name: string;
  readonly detail?: string;
  readonly kind: SymbolKind;
  /** Everything that belongs to it. */
  readonly span: Span;
  /** The name itself; inside `span`. */
  readonly nameSpan: Span;
  readonly children?: readonly SymbolNode[];
}

export interface Fold {
  readonly from: number;
  readonly to: number;
  readonly kind?: 'comment' | 'region';
}

export type NameKind = 'pci-mapping' | 'usb-mapping' | 'dir-mapping' | 'snapshot' | 'storage' | 'module' | 'vm';

/** One place where a name is given a meaning or used. */
export interface NameUse {
  readonly kind: NameKind;
  readonly name: string;
  readonly role: 'definition' | 'use';
  readonly span: Span;
  /** Names of kind `snapshot` mean something in one file only. */
  readonly scope: 'file' | 'node' | 'cluster';
  readonly renamable: boolean;
}

/** Text shown inside a line: a device's name after its address. */
export interface Hint {
  readonly at: Position;
  readonly label: string;
  readonly tooltip?: string;
}

/** A line above a line. Without a command it only tells. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  readonly command?: { readonly id: string; readonly arguments: readonly unknown[] };
}

export interface Signature {
  readonly label: string;
  readonly documentation?: string;
  readonly parameters: readonly { readonly label: string; readonly documentation?: string }[];
  readonly active: number;
}

export type SemanticTokenType = 'property' | 'enumMember' | 'number' | 'string' | 'keyword' | 'comment' | 'variable';

export interface SemanticToken {
  readonly span: Span;
  readonly type: SemanticTokenType;
  readonly modifiers?: readonly ('deprecated' | 'readonly')[];
}

export interface Refactoring {
  readonly title: string;
  readonly kind: 'rewrite' | 'move' | 'sort';
  readonly edits: readonly Edit[];
}
