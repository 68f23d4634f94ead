import type { OptionTable } from '../vmConf/schema.ts';

/** What the generated table holds: the same shapes as a VM's schema, and the keys that go to LXC as they are. */
export interface CtSchema extends OptionTable {
  /** `pve-container 6.1.10`. */
  readonly source: string;
  readonly version: string;
  readonly raw: {
    readonly valid: readonly string[];
    readonly prefixes: readonly string[];
    readonly rejected: readonly string[];
    readonly renamed: Readonly<Record<string, string>>;
  };
}
