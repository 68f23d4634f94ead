import type { Inventory, PciFunction } from '../../host/inventory.ts';

const setOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Device ids of AMD graphics for which the vendor-reset module has a reset (its src/device-db.h). */
const polaris = `
67c0 67c1 67c2 67c4 67c7 67c8 67c9 67ca 67cc 67cf 67d0 67df 6fdf
67e0 67e1 67e3 67e7 67e8 67e9 67eb 67ef 67ff
6980 6981 6985 6986 6987 6995 6997 699f`;
const vegaAndNavi = `
6860 6861 6862 6863 6864 6867 6868 6869 686a 686b 686c 686d 686e 686f 687f
66a0 66a1 66a2 66a3 66a4 66a7 66af 738c
7310 7312 7318 7319 731a 731b 731e 731f 7340 7341 7347 734f 7360 7362`;
const olderApus = '15dd 15e7 1636 1638 164c';
const navi23 = '73ff';
/** Graphics of Rembrandt, Phoenix and Raphael, for which users report the same and vendor-reset does nothing. */
const newerApus = '1681 15bf 164e';

const helped = setOf(`${polaris} ${vegaAndNavi} ${olderApus} ${navi23}`);
const stuck = setOf(`${vegaAndNavi} ${olderApus} ${newerApus}`);

const isAmdGraphics = (fn: PciFunction): boolean =>
  fn.vendorId === '1002' && (fn.classId?.startsWith('03') === true || fn.classId === '1200');

/** True for graphics that the vendor-reset module can reset. */
export const isKnownToVendorReset = (fn: PciFunction): boolean => isAmdGraphics(fn) && helped.has(fn.deviceId ?? '');

/** True for graphics that do not come back from a bus reset; Polaris and Navi 2x, which mostly do, are not among them. */
export const staysStuck = (fn: PciFunction): boolean => isAmdGraphics(fn) && stuck.has(fn.deviceId ?? '');

/** Whether the vendor-reset module is loaded; `undefined` where the modules are not known. */
export const hasVendorReset = (inventory: Inventory): boolean | undefined =>
  inventory.loadedModules?.has('vendor_reset');
