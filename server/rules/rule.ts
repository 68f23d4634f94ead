import type { Language, SourceFile } from '../languages/language.ts';
import type { FileEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';
import type { World } from '../workspace/world.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/**
 * One thing that can be wrong, in one module: what it is called, why it matters, examples that are run as tests and
 * shown in the documentation, the check and its fixes.
 */
export interface Rule<Tree = unknown> {
  /** `area/what-is-wrong`, named for the fault: it must read well after "allow …". */
  readonly id: string;
  readonly severity: Severity;
  readonly language: Language<Tree>;
  /** Further languages whose trees the check reads just the same: GRUB's file for rules about the kernel command line. */
  readonly alsoIn?: readonly Language<Tree>[];
  readonly docs: {
    /** What is reported, in a sentence or two. */
    readonly what: string;
    /** What happens on the host if nothing is done. */
    readonly why: string;
    /** Where the fact comes from: a file of Proxmox's or the kernel's source, a commit, a measurement. */
    readonly source: string;
    /** Since which version it is so, where that matters. */
    readonly since?: string;
  };
  readonly examples: readonly Example[];
  /**
   * A look at what kind of file it is: false where the check can find nothing. It costs next to nothing, never throws, and
   * of most files it spares the check. Rules that have the same function are asked as one.
   */
  mayFind?(file: SourceFile<Tree>, world: World): boolean;
  /**
   * Yields what it finds in one file. Silent where it lacks the facts to be sure. It never throws, waits, reads files or
   * knows settings; what it needs beyond the file it takes from facts about the world.
   */
  check(file: SourceFile<Tree>, world: World): Iterable<Finding>;
}

/**
 * Either a text of the rule's language, or a site of several files:
 * a line `--- etc/modprobe.d/vfio.conf` before each. `«…»` marks what is reported.
 */
export interface Example {
  readonly bad: string;
  /** The text after the first fix; absent when the rule has none. */
  readonly fixed?: string;
  readonly good: string;
  /** Path of a plain text, when the language has several kinds of file: `etc/pve/mapping/usb.cfg`. */
  readonly path?: string;
  /** Snapshot text that the example is judged with; the demo host where it is `true`. */
  readonly host?: string | true;
}

export interface Finding {
  readonly span: Span;
  /** What, why, what to do, in that order, in a sentence or two. */
  readonly message: string;
  /** Where a rule's severity depends on what it found. */
  readonly severity?: Severity;
  readonly fixes?: readonly Fix[];
  readonly related?: readonly Related[];
  /** The stretch has no effect or is outdated: editors grey it out or strike it through. */
  readonly tag?: 'unnecessary' | 'deprecated';
}

export interface Related {
  readonly uri: string;
  readonly span: Span;
  readonly message: string;
}

/** One way to mend a finding. Applying it twice changes nothing more. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly FileEdit[];
  /** Right without a look: may run on save and with `check --fix`. */
  readonly safe?: boolean;
}

/** A finding with the rule that made it and the severity that settings gave it. */
export interface Report extends Finding {
  readonly rule: string;
  readonly severity: Severity;
}
