import { emptyInventory, type Inventory } from './inventory.ts';
import type { Draft } from './snapshotValues.ts';

/** What a pasted text tells of the host besides its devices. */
export type HostFacts = Partial<Draft<Pick<Inventory, 'node' | 'kernel' | 'boot' | 'versions' | 'iommus'>>>;

/** Gathers the kernel command line, `uname`, `pveversion` and the node's name from prompts, wherever they stand. */
export class HostReader {
  private readonly found: HostFacts = {};
  private readonly units = new Set<string>();
  /** The line before printed `/proc/cmdline`. */
  private afterCat = false;

  get facts(): HostFacts {
    return this.units.size ? { ...this.found, iommus: [...this.units] } : this.found;
  }

  /** Returns whether the line (without ornament) told something and is done with. */
  read(text: string): boolean {
    const wasCat = this.afterCat;
    this.afterCat = /\/proc\/cmdline\b/.test(text);
    const prompt = /^\[?root@([\w-]{1,63})(?::| )[^#]{0,200}[#$]/.exec(text);
    if (prompt) this.found.node ??= prompt[1]!;
    return this.readCommandLine(text, wasCat) || this.readVersion(text) || this.readIommu(text);
  }

  private readCommandLine(text: string, afterCat: boolean): boolean {
    const [, line] = /^(?:BOOT_ARGS\s+)?((?:BOOT_IMAGE|initrd)=\S+ .*)$/.exec(text) ?? [];
    const [, bare] = /^BOOT_ARGS\s+(.*)$/.exec(text) ?? [];
    const printed = afterCat && /(?:^| )root=\S/.test(text) ? text : undefined;
    const commandLine = line ?? bare ?? printed;
    if (commandLine === undefined) return false;
    const release = /^BOOT_IMAGE=\S*vmlinuz-(\S+)/.exec(commandLine)?.[1] ?? /initrd\.img-(\S+)/.exec(commandLine)?.[1];
    this.setKernel({ commandLine, ...(release && { release }) });
    const loader = commandLine.startsWith('BOOT_IMAGE=')
      ? 'grub'
      : /^initrd=\\EFI\\/i.test(commandLine)
        ? 'systemd-boot'
        : undefined;
    if (loader) this.found.boot = { ...emptyInventory.boot, loader };
    return true;
  }

  private readVersion(text: string): boolean {
    const uname = /^Linux ([\w-]{1,63}) (\d+\.\d+\S*) #\d/.exec(text);
    if (uname) {
      this.found.node = uname[1]!;
      this.setKernel({ release: uname[2]! });
    }
    const pve = /^(?:pve-manager\/|pve-manager: )(\d[\w.~+-]*)/.exec(text);
    const running = pve && /running (?:kernel|version): (?:pve-manager\/)?(\d+\.\d+\.\d+-\S+-pve)\)/.exec(text);
    if (pve) this.found.versions = { ...emptyInventory.versions, ...this.found.versions, pveManager: pve[1]! };
    if (running) this.setKernel({ release: running[1]! });
    return uname !== null || pve !== null;
  }

  private readIommu(text: string): boolean {
    const unit = /^IOMMU: ((?:dmar|ivhd)\d{1,3})$/.exec(text);
    if (unit) this.units.add(unit[1]!);
    return unit !== null;
  }

  private setKernel(found: Partial<Inventory['kernel']>): void {
    this.found.kernel = { ...emptyInventory.kernel, ...this.found.kernel, ...found };
  }
}
