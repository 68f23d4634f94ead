import { bootArguments } from '../facts/bootArguments.ts';
import { imageAges } from '../facts/initramfs.ts';
import { iommuState, wantsIommu } from '../facts/iommu.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { modules } from '../languages/modules/modules.ts';
import { filesOf } from '../workspace/world.ts';
import { isDisplay } from './devices.ts';
import { anchorOf } from './ground.ts';
import type { Request } from './request.ts';

/** Why the initial RAM disk is to be made anew, whatever the plan changes: a card is kept by a file that it does not know. */
export function staleImage({ ground, functions, wish }: Request): string | undefined {
  const isEarly = wish.way === 'whole' && functions.some(fn => isDisplay(fn) && fn.physicalFunction === undefined);
  if (!isEarly) return undefined;
  const newer = [...filesOf(ground.world, modprobe), ...filesOf(ground.world, modules)].filter(
    file => (imageAges(ground.world, file)?.older.length ?? 0) > 0,
  );
  return newer.length === 0 ? undefined : `${newer.map(({ place }) => place.path).join(', ')} is newer than the image`;
}

/** Why the boot loader is to be told again: the file asks for the IOMMU, and the kernel runs without. */
export function staleCommandLine({ ground }: Request): string | undefined {
  const anchor = anchorOf(ground);
  const { on, by } = iommuState(ground.world, anchor);
  const { configured } = bootArguments(ground.world, anchor);
  if (on !== false || !configured || (by?.kind !== 'default' && by?.kind !== 'parameter')) return undefined;
  const parameters = configured.map(({ parameter }) => parameter);
  return wantsIommu(parameters, ground.inventory)
    ? 'the kernel runs without an IOMMU, and the file asks for it'
    : undefined;
}
