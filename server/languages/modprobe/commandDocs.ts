import type { Command } from './tree.ts';

/** What follows a command, and what it does. */
export interface CommandDoc {
  readonly takes: string;
  readonly doc: string;
}

export const commandDocs: Readonly<Record<Command, CommandDoc>> = {
  alias: {
    takes: 'NAME MODULE',
    doc: 'Loads the module when something asks for the name, in which `*`, `?` and `[…]` stand for other characters. Comes before the aliases that modules have themselves; `off` as the module loads nothing.',
  },
  blacklist: {
    takes: 'MODULE',
    doc: 'Keeps the module from being loaded because a device matches it. A module that another one needs, that a softdep names or that somebody loads by its name comes all the same. One module to a line; no wildcards.',
  },
  install: {
    takes: 'MODULE COMMAND',
    doc: 'Runs the command instead of loading the module; `/bin/false` forbids it for good. The first line for a module counts, and none where the module has softdeps.',
  },
  options: {
    takes: 'MODULE NAME=VALUE …',
    doc: 'Parameters that the module gets whenever it is loaded. Lines for one module add up in the order of the files, then come those of the kernel command line; of the same parameter twice the last one counts.',
  },
  remove: {
    takes: 'MODULE COMMAND',
    doc: 'Runs the command instead of removing the module with `modprobe -r`.',
  },
  softdep: {
    takes: 'MODULE pre: MODULE … post: MODULE …',
    doc: 'Loads other modules before (`pre:`) or after (`post:`) the module, if they can be had. Only the first line for a module counts.',
  },
  weakdep: {
    takes: 'MODULE MODULE …',
    doc: 'Modules that the first one may ask for later. Nothing is loaded; tools that make an initramfs take them along. Since kmod 33.',
  },
};
