import { parseSectionConfig, type SectionConfig } from '../../syntax/sectionConfig.ts';
import type { Language } from '../language.ts';
import { sectionFolds, sectionSymbols } from '../sectionOutline.ts';

/** `/etc/pve/virtual-guest/cpu-models.conf`: CPU models of a cluster's own. Read for their names; nothing is checked. */
export const cpuModels: Language<SectionConfig> = {
  id: 'pve-cpu-models',
  name: 'CPU models',
  patterns: ['**/pve/virtual-guest/cpu-models.conf'],
  lineComment: '#',
  parse: (lines, previous) => parseSectionConfig(lines, 'type: id', previous),
  symbols: sectionSymbols,
  folds: sectionFolds,
};
