import type { FileEdit } from '../text/edit.ts';

/** How a device gets into a guest. */
export type Way = 'whole' | 'vf' | 'mdev';

/** What somebody wants: devices of a host (a snapshot's URI), and the guest that shall have them. */
export interface Wish {
  readonly host: string;
  /** PCI functions; with `vf` the PF or VFs, with `mdev` the parent. */
  readonly addresses: readonly string[];
  readonly way: Way;
  /** URI of the VM's configuration. */
  readonly guest: string;
  readonly mdevType?: string;
  /** With `vf` and a PF: how many VFs shall exist. */
  readonly vfCount?: number;
  /** Name a PCI mapping, made where it is missing, instead of the address. */
  readonly mapping?: string;
}

/** What has to change so that the guest gets the devices. */
export interface Plan {
  readonly title: string;
  /** In the order in which they are to be read; nothing that is there already. */
  readonly changes: readonly Change[];
  /** What to run on the host afterwards, in that order. */
  readonly commands: readonly { readonly command: string; readonly why: string }[];
  /** What the user should know and no edit can do: monitor, firmware, console. */
  readonly notes: readonly string[];
}

/** One thing that somebody may tick or untick: edits of one file that belong together. */
export interface Change {
  /** `Reserve 10de:2584 for vfio-pci`. */
  readonly label: string;
  readonly why: string;
  readonly edits: readonly FileEdit[];
  /** The file does not exist yet; its text, and no edits. */
  readonly creates?: { readonly uri: string; readonly text: string };
  /** Unticked to begin with: useful to some. */
  readonly isOptional?: boolean;
}

/** Why there is no plan: one sentence a reason. */
export interface Refusal {
  readonly refused: readonly string[];
}
