import { parseSectionConfig, type SectionConfig } from '../../syntax/sectionConfig.ts';
import type { Language } from '../language.ts';
import { sectionFolds } from '../sectionOutline.ts';
import { completeMapping } from './complete.ts';
import { hoverMapping } from './hover.ts';
import { mappingLenses } from './lenses.ts';
import { mappingHints, mappingNames, mappingSelections, mappingSymbols } from './outline.ts';
import { takeDevices } from './takeDevices.ts';

/** `/etc/pve/mapping/pci.cfg`, `usb.cfg` and `directory.cfg`: names for devices and directories of the whole cluster. */
export const pciMapping: Language<SectionConfig> = {
  id: 'pve-mapping',
  name: 'resource mapping',
  patterns: ['**/pve/mapping/pci.cfg', '**/pve/mapping/usb.cfg', '**/pve/mapping/directory.cfg'],
  lineComment: '#',
  parse: (lines, previous) => parseSectionConfig(lines, 'id', previous),
  complete: completeMapping,
  takeDevices,
  hover: hoverMapping,
  symbols: mappingSymbols,
  folds: sectionFolds,
  names: mappingNames,
  hints: mappingHints,
  lenses: mappingLenses,
  selections: mappingSelections,
};
