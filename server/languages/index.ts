import { cpuModels } from './cpuModels/cpuModels.ts';
import { ctConf } from './ctConf/ctConf.ts';
import { grub } from './grub/grub.ts';
import { kernelCmdline } from './kernelCmdline/kernelCmdline.ts';
import type { Language } from './language.ts';
import { modprobe } from './modprobe/modprobe.ts';
import { modules } from './modules/modules.ts';
import { pciMapping } from './pciMapping/pciMapping.ts';
import { storage } from './storage/storage.ts';
import { sysfs } from './sysfs/sysfs.ts';
import { vmConf } from './vmConf/vmConf.ts';

/** All languages. Their patterns are disjoint. */
export const languages: readonly Language[] = [
  cpuModels,
  ctConf,
  grub,
  kernelCmdline,
  modprobe,
  modules,
  pciMapping,
  storage,
  sysfs,
  vmConf,
];
