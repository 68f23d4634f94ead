import type { Inventory } from '../../host/inventory.ts';
import type { GivenParameter } from '../languages/grub/variables.ts';
import { isProxmoxKernel, kernelAtLeast } from '../languages/kernelCmdline/kernelRelease.ts';
import { disablesIommu } from '../languages/kernelCmdline/parameters.ts';
import type { SourceFile } from '../languages/language.ts';
import type { Parameter } from '../syntax/commandLine.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { bootArguments } from './bootArguments.ts';

/** Whether a host has an IOMMU at work. `undefined` is "not known" throughout. */
export interface IommuState {
  /** Of the running kernel. */
  readonly on: boolean | undefined;
  /** What decided about it: a parameter, the kernel's default, or the firmware, where nothing else forbids it. */
  readonly by: IommuCause | undefined;
  /** After a reboot with the files as they are now. */
  readonly afterReboot: boolean | undefined;
  /** The parameter of a file that will switch it off. */
  readonly disabledBy: GivenParameter | undefined;
}

export type IommuCause =
  | { readonly kind: 'parameter'; readonly text: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'firmware' };

export function iommuState(world: World, file: SourceFile): IommuState {
  const inventory = inventoryOf(world, file);
  const { configured, running } = bootArguments(world, file);
  const on = inventory && isOn(inventory);
  const disabler =
    configured &&
    findDisabler(
      configured.map(one => one.parameter),
      inventory?.cpu?.vendor,
    );
  const wants =
    configured &&
    inventory &&
    wantsIommu(
      configured.map(one => one.parameter),
      inventory,
    );
  return {
    on,
    by: inventory && running && causeOf(on, running, inventory),
    afterReboot: afterReboot(on, wants, running && inventory && wantsIommu(running, inventory)),
    disabledBy: configured?.find(one => one.parameter === disabler),
  };
}

/** Whether the running kernel has IOMMUs: by their list, else by the groups of the devices. */
export function isOn(inventory: Inventory): boolean | undefined {
  if (inventory.iommus) return inventory.iommus.length > 0;
  return inventory.functions.some(fn => typeof fn.iommuGroup === 'number') ? true : undefined;
}

/**
 * Whether a kernel switches an IOMMU on that the firmware offers, when it is given these parameters. Proxmox kernels do so
 * on Intel by themselves since 6.8; AMD's is always on unless told otherwise.
 */
export function wantsIommu(parameters: readonly Parameter[], inventory: Inventory): boolean | undefined {
  if (findDisabler(parameters, inventory.cpu?.vendor)) return false;
  if (inventory.cpu?.vendor === 'AuthenticAMD') return true;
  if (inventory.cpu?.vendor !== 'GenuineIntel') return undefined;
  if (valuesOf(parameters, 'intel_iommu').some(value => value.startsWith('on'))) return true;
  const { release } = inventory.kernel;
  return release !== undefined && isProxmoxKernel(release) ? kernelAtLeast(release, '6.8') : undefined;
}

/**
 * The parameter that keeps the IOMMU off. A later `intel_iommu=on` takes an earlier `off` back; for `iommu=` and
 * `amd_iommu=` there is no way back. What is meant for the other vendor's IOMMU does nothing.
 */
export function findDisabler(parameters: readonly Parameter[], vendor?: string): Parameter | undefined {
  let intel: Parameter | undefined;
  for (const parameter of parameters) {
    if (isForOtherVendor(parameter.id, vendor)) continue;
    for (const { text } of parameter.items) {
      const disables = disablesIommu(parameter.id, text);
      if (disables && parameter.id !== 'intel_iommu') return parameter;
      if (disables) intel = parameter;
      else if (parameter.id === 'intel_iommu' && text.startsWith('on')) intel = undefined;
    }
  }
  return intel;
}

/** True for the parameter of an IOMMU that a CPU of that vendor does not have. */
export const isForOtherVendor = (id: string, vendor: string | undefined): boolean =>
  (id === 'intel_iommu' && vendor === 'AuthenticAMD') || (id === 'amd_iommu' && vendor === 'GenuineIntel');

function causeOf(on: boolean | undefined, running: readonly Parameter[], inventory: Inventory): IommuCause | undefined {
  if (on === undefined) return undefined;
  const disabler = findDisabler(running, inventory.cpu?.vendor);
  if (!on && disabler) return { kind: 'parameter', text: disabler.whole.text };
  if (!on) {
    const wants = wantsIommu(running, inventory);
    return wants === undefined ? undefined : { kind: wants ? 'firmware' : 'default' };
  }
  const enabler = running.find(
    ({ id, items }) => id === 'intel_iommu' && items.some(({ text }) => text.startsWith('on')),
  );
  return enabler ? { kind: 'parameter', text: enabler.whole.text } : { kind: 'default' };
}

/** The firmware's part is known only from a kernel that wanted the IOMMU. */
function afterReboot(
  on: boolean | undefined,
  wants: boolean | undefined,
  wanted: boolean | undefined,
): boolean | undefined {
  if (wants === false) return false;
  if (wants === undefined) return undefined;
  if (on) return true;
  return on === false && wanted === true ? false : undefined;
}

const valuesOf = (parameters: readonly Parameter[], id: string): readonly string[] =>
  parameters.filter(parameter => parameter.id === id).flatMap(({ items }) => items.map(({ text }) => text));
