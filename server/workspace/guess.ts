import type { LanguageId } from '../languages/language.ts';
import { pathOf } from './place.ts';

const byName: readonly (readonly [name: RegExp, language: LanguageId])[] = [
  [/^(?:pci|usb|directory)\.cfg$/, 'pve-mapping'],
  [/^storage\.cfg$/, 'pve-storage'],
  [/^cpu-models\.conf$/, 'pve-cpu-models'],
  [/^cmdline$/, 'kernel-cmdline'],
  [/^grub$/, 'grub-default'],
  [/^modules$/, 'modules'],
  [/^sysfs\.conf$/, 'sysfs-conf'],
];

/**
 * What a file that lies outside a host's tree most likely is, by its name and first lines: `100.conf` in someone's
 * download folder. `undefined` where that would be a guess in the dark.
 */
export function guessLanguage(uri: string, text: string): LanguageId | undefined {
  const name = pathOf(uri).split('/').pop() ?? '';
  const known = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (known) return known;
  if (/^[1-9][0-9]{2,8}\.conf$/.test(name)) return isContainer(text) ? 'pve-ct-conf' : 'pve-vm-conf';
  if (/\.conf$/.test(name) && /^[ \t]*(?:options|blacklist|softdep|alias|install|remove|weakdep)[ \t]/m.test(text))
    return 'modprobe';
  return undefined;
}

const isContainer = (text: string): boolean => /^(?:rootfs|unprivileged|lxc\.[a-z0-9.]+|mp[0-9]+):/m.test(text);
