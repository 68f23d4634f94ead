import { entryOf, mainSection } from '../languages/ctConf/config.ts';
import type { CtConf } from '../languages/ctConf/tree.ts';
import type { SourceFile } from '../languages/language.ts';

/** `CT 102 (jellyfin)`. */
export function ctLabel(file: SourceFile<CtConf>): string {
  const name = ctName(file);
  const id = file.place.vmid === undefined ? 'a container' : `CT ${file.place.vmid}`;
  return name === undefined ? id : `${id} (${name})`;
}

export const ctName = (file: SourceFile<CtConf>): string | undefined =>
  entryOf(file.tree, mainSection(file.tree), 'hostname')?.value.text;
