import { type BootSource, bootArguments } from '../facts/bootArguments.ts';
import { commandLinePlace } from '../facts/commandLinePlace.ts';
import { findDisabler, wantsIommu } from '../facts/iommu.ts';
import { grub } from '../languages/grub/grub.ts';
import { inSourcingOrder } from '../languages/grub/variables.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import { appendWords } from '../languages/kernelCmdline/quoting.ts';
import type { CommandLines } from '../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../languages/language.ts';
import { removeItem } from '../rules/commandLineRule.ts';
import { filesOf } from '../workspace/world.ts';
import { changeIn } from './change.ts';
import { anchorOf, type Ground } from './ground.ts';
import type { Change } from './plan.ts';

/** What the kernel has to be told about the IOMMU; a note where it is not known in which file. */
export interface BootPlan {
  readonly change: Change | undefined;
  readonly source: BootSource | undefined;
  readonly notes: readonly string[];
}

/**
 * Arguments only where the IOMMU stays off without them: `intel_iommu=on` for Intel before Proxmox's kernel 6.8, and away
 * with a parameter that switches it off. AMD's needs no argument. In the file that this host boots from.
 */
export function bootPlan(ground: Ground): BootPlan {
  const { world, inventory } = ground;
  const { source, configured, running } = bootArguments(world, anchorOf(ground));
  const given = configured?.map(({ parameter }) => parameter) ?? running;
  if (!given || wantsIommu(given, inventory) !== false) return { change: undefined, source, notes: [] };
  const disabler = findDisabler(given, inventory.cpu?.vendor);
  const change =
    source === undefined ? undefined : disabler ? withoutDisabler(ground, source) : withIntel(ground, source);
  if (change) return { change, source, notes: [] };
  const task = disabler ? `take ${disabler.whole.text} off` : 'add intel_iommu=on to';
  const where =
    source === undefined
      ? 'it is not known from which file the host boots'
      : 'the file that the host boots from is not at hand, or is too intricate to edit';
  return { change: undefined, source, notes: [`The IOMMU stays off: ${task} the kernel command line (${where}).`] };
}

const linesOf = (ground: Ground, source: BootSource): readonly SourceFile<CommandLines>[] =>
  source === 'grub' ? inSourcingOrder(filesOf(ground.world, grub)) : filesOf(ground.world, kernelCmdline);

function withIntel(ground: Ground, source: BootSource): Change | undefined {
  const place = commandLinePlace(ground.world, source);
  const edit = place && appendWords(place.line, ['intel_iommu=on']);
  if (!place || !edit) return undefined;
  const { release } = ground.inventory.kernel;
  return changeIn(place.file, {
    label: 'Switch the IOMMU on: intel_iommu=on',
    why: `Kernel ${release ?? ''} leaves the IOMMU of Intel CPUs off by itself; without it no device can be passed through.`,
    edits: [edit],
  });
}

function withoutDisabler(ground: Ground, source: BootSource): Change | undefined {
  for (const file of linesOf(ground, source)) {
    for (const line of file.tree.commandLines) {
      const disabler = findDisabler(line.parameters, ground.inventory.cpu?.vendor);
      const item = disabler?.items.find(({ text }) => /^(?:off|soft)/.test(text));
      if (!disabler || !item || disabler.expansions.length > 0) continue;
      return changeIn(file, {
        label: `Keep the IOMMU on: remove ${disabler.name.text}=${item.text}`,
        why: 'This parameter keeps the IOMMU off, and without it no device can be passed through.',
        edits: [removeItem(line, disabler, item)],
      });
    }
  }
  return undefined;
}
