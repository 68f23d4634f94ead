import { parseSectionConfig, type SectionConfig } from '../../syntax/sectionConfig.ts';
import type { Language } from '../language.ts';
import { parseVmConf, type VmConf } from './tree.ts';

/*
 * What finds files of a language among those around. The full Language objects import the modules that need these, so
 * naming them here would tie everything into a circle.
 */

export const vmFiles: Language<VmConf> = {
  id: 'pve-vm-conf',
  name: 'VM configuration',
  patterns: [],
  lineComment: undefined,
  parse: parseVmConf,
};

export const cpuModelFiles: Language<SectionConfig> = {
  id: 'pve-cpu-models',
  name: 'CPU models',
  patterns: [],
  lineComment: '#',
  parse: (lines, previous) => parseSectionConfig(lines, 'type: id', previous),
};

export const storageFiles: Language<SectionConfig> = {
  id: 'pve-storage',
  name: 'storage configuration',
  patterns: [],
  lineComment: '#',
  parse: (lines, previous) => parseSectionConfig(lines, 'type: id', previous),
};
