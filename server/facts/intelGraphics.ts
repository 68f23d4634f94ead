import type { PciFunction } from '../../host/inventory.ts';

/** True for the graphics inside an Intel CPU, which always are at 00:02.0. */
export const isIntelGraphics = (fn: PciFunction): boolean =>
  fn.address === '0000:00:02.0' && fn.vendorId === '8086' && fn.classId?.startsWith('03') === true;

/**
 * Beginnings of the device ids of Skylake, Kaby and Amber Lake, Coffee and Whiskey Lake, Comet Lake
 * (include/drm/intel/pciids.h of Linux).
 */
export const isSkylakeToCometLake = (fn: PciFunction): boolean =>
  /^(?:19|59|87c|3e9|3ea|9b[a-f])/.test(fn.deviceId ?? '');

/**
 * Beginnings of the device ids of Ice Lake, Elkhart and Jasper Lake, Tiger Lake, Rocket Lake, Alder, Raptor, Meteor, Arrow,
 * Lunar and Panther Lake (the same file).
 */
export const isIceLakeOrNewer = (fn: PciFunction): boolean =>
  /^(?:8a[57]|45|4e[567]|9a[4-f]|4c[89]|46|a7|7d|64[2ab]|b6|b0)/.test(fn.deviceId ?? '');
