import { matching, type ValueKind } from './kind.ts';

const spelling = /^([a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]):([^\n]+)$/;

/** A volume on a storage: `local-lvm:vm-100-disk-0`, `local:iso/debian.iso`. */
export const volumeId: ValueKind = matching('a volume such as local-lvm:vm-100-disk-0', spelling);

/** What a drive may stand on: a volume, an absolute path, the host's drive (`cdrom`) or no medium (`none`). */
export const volumeOrPath: ValueKind = {
  describe: 'a volume such as local-lvm:vm-100-disk-0, an absolute path, none or cdrom',
  check: text =>
    text === 'none' || text === 'cdrom' || text.startsWith('/') || spelling.test(text)
      ? undefined
      : 'is not a volume (storage:name), an absolute path, none or cdrom',
};

/** The two halves of a volume id; `undefined` means "not a volume id". */
export function parseVolumeId(text: string): { readonly storage: string; readonly name: string } | undefined {
  const found = spelling.exec(text);
  return found ? { storage: found[1] as string, name: found[2] as string } : undefined;
}
