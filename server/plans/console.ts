import type { Inventory, PciFunction } from '../../host/inventory.ts';
import { bootArguments } from '../facts/bootArguments.ts';
import { named } from '../rules/deviceRule.ts';
import { needsOf } from '../values/deviceCard.ts';
import { takersOf } from './claims.ts';
import { isScreen } from './devices.ts';
import { anchorOf, type Ground } from './ground.ts';

/**
 * Why the host would have no console left without some functions and the company in their IOMMU groups: the screen that it uses is among them, VMs get every
 * other one whole, and no kernel parameter (running, or in the file that the host boots from) gives it a serial console.
 * Silent where the devices of the host are not all known: it may have another screen.
 */
export function consoleLoss(
  ground: Ground,
  functions: readonly PciFunction[],
  company: readonly PciFunction[],
): string | undefined {
  const { inventory } = ground;
  const leaving = [...functions, ...company];
  const screen = leaving.find(fn => isScreen(fn) && isConsole(inventory, fn));
  if (!screen || !inventory.complete || hasSerialConsole(ground)) return undefined;
  const left = inventory.functions.filter(fn => isScreen(fn) && !leaving.includes(fn));
  if (!left.every(fn => takersOf(ground, fn).length > 0)) return undefined;
  const others = left.length === 0 ? 'it has no other graphics' : 'VMs get all other graphics that it has';
  const group = company.includes(screen) ? `, and leaves with IOMMU group ${screen.iommuGroup}` : '';
  return `${named(screen)} is the only console of the host${group}: ${others}, and no serial console. Give it one first (console=tty0 console=ttyS0,115200 on its kernel command line), or graphics of its own such as a BMC's.`;
}

/** The only screen is the console, whether or not the kernel said so. */
function isConsole(inventory: Inventory, fn: PciFunction): boolean {
  if (fn.bootVga === true || needsOf(inventory, fn.address).some(({ kind }) => kind === 'console')) return true;
  return fn.bootVga === undefined && inventory.functions.filter(isScreen).length === 1;
}

function hasSerialConsole(ground: Ground): boolean {
  const { configured } = bootArguments(ground.world, anchorOf(ground));
  const given = (configured ?? []).map(({ parameter }) => `${parameter.id}=${parameter.value.text}`);
  return serial.test([ground.inventory.kernel.commandLine ?? '', ...given].join(' '));
}

const serial = /(?:^| )console=(?:tty[SA]|hvc|uart)/;
