import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import { propertyOf } from '../pciMapping/config.ts';
import { own } from '../vmConf/schema.ts';
import { type StorageType, storageTypes } from './types.ts';

/** What is known of a storage's type; Proxmox reads types in any case. */
export const typeOf = (section: ConfigSection): StorageType | undefined =>
  own(storageTypes, section.type.text.toLowerCase());

/** What a storage holds: as it says, else what its type holds by default; `undefined` for unknown types. */
export function contentOf(tree: SectionConfig, section: ConfigSection): readonly string[] | undefined {
  const said = propertyOf(tree, section, 'content')?.value.text;
  return said === undefined ? typeOf(section)?.usual : said.split(/[,; \t]+/).filter(word => word !== '');
}
