import { bootArguments, kernelCmdlineBeside, refreshCommand } from '../facts/bootArguments.ts';
import { iommuState, wantsIommu } from '../facts/iommu.ts';
import { grub } from '../languages/grub/grub.ts';
import { concernsPassthrough } from '../languages/kernelCmdline/parameters.ts';
import { compareVersions } from '../values/version.ts';
import { siblingsOf } from '../workspace/world.ts';
import { fact, parameterOf, shortPath } from './evidence.ts';
import { iommuName } from './firmware.ts';
import type { Stage } from './readiness.ts';
import type { Scene } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';

/** What the kernel is told and does. */
export const kernelStage = (scene: Scene): Stage =>
  stage('kernel', 'Kernel and boot loader', [
    step(scene, 'boot-loader', 'It is known which file the kernel is told by', bootLoader(scene)),
    step(scene, 'boot-files', 'That file can be read as it is meant', bootFiles(scene)),
    step(scene, 'iommu-parameter', 'The kernel is told to use the IOMMU', iommuParameter(scene)),
    step(scene, 'command-line-applied', 'The running kernel was told what the file says', applied(scene)),
    step(scene, 'iommu-on', 'The kernel runs with an IOMMU', iommuOn(scene)),
    step(scene, 'iommu-mode', 'Devices of the host skip the translation (iommu=pt)', iommuMode(scene)),
    step(scene, 'next-kernel', 'It is known which kernel boots next', nextKernelDraft(scene)),
  ]);

function bootLoader({ world, anchor, inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { source } = bootArguments(world, anchor);
  const { efi, secureBoot, loader, proxmoxBootTool } = inventory.boot;
  const facts = [
    efi === undefined ? '' : efi ? 'UEFI' : 'BIOS mode',
    secureBoot === undefined ? '' : `Secure Boot ${secureBoot ? 'on' : 'off'}`,
    loader === undefined ? '' : `started by ${loader}`,
    proxmoxBootTool === undefined ? '' : `proxmox-boot-tool ${proxmoxBootTool ? 'in use' : 'not in use'}`,
  ].filter(text => text !== '');
  const known = facts.length > 0 ? [fact(`${facts.join(', ')}.`)] : [];
  if (source === undefined)
    return unknown(
      [...known, fact('It is not known how the host boots.')],
      'See "proxmox-boot-tool status" and "cat /proc/cmdline".',
    );
  return passed(
    ...known,
    `Kernel parameters come from ${source === 'grub' ? '/etc/default/grub' : '/etc/kernel/cmdline'}.`,
  );
}

function bootFiles({ world, anchor }: Scene): Draft {
  const { source, configured } = bootArguments(world, anchor);
  const files =
    source === 'grub'
      ? siblingsOf(world, anchor, grub)
      : source === 'kernel-cmdline'
        ? [kernelCmdlineBeside(world, anchor)]
        : [];
  const paths = files.flatMap(file => (file ? [shortPath(file.place.path)] : []));
  if (source === undefined) return unknown('It is not known which file that is.');
  if (paths.length === 0 && configured === undefined)
    return unknown(`The text of ${source === 'grub' ? '/etc/default/grub' : '/etc/kernel/cmdline'} is not known.`);
  if (configured === undefined)
    return unknown(
      `A part of ${paths.join(', ')} is known only when the host runs it.`,
      'See "grep vmlinuz /boot/grub/grub.cfg".',
    );
  const texts = configured.map(({ parameter }) => parameter.whole.text);
  return passed(`${paths.join(', ')}: ${texts.length === 0 ? 'no parameters beside the root disk' : texts.join(' ')}`);
}

function iommuParameter({ world, anchor, inventory }: Scene): Draft {
  const state = iommuState(world, anchor);
  if (state.disabledBy) return failed([parameterOf(world, state.disabledBy)], 'Take the parameter out.');
  if (!inventory) return notAsked();
  const { configured } = bootArguments(world, anchor);
  const enabler = configured?.find(({ parameter }) => parameter.id === 'intel_iommu');
  const wants =
    configured &&
    wantsIommu(
      configured.map(({ parameter }) => parameter),
      inventory,
    );
  if (wants && enabler) return passed(parameterOf(world, enabler));
  if (wants)
    return passed(
      inventory.cpu?.vendor === 'AuthenticAMD'
        ? 'AMD: on unless a parameter switches it off, and none does.'
        : `Intel: ${inventory.kernel.release} uses it by itself, and no parameter switches it off.`,
    );
  if (state.on && configured) return passed('It runs with one, and no parameter switches it off.');
  if (wants === false)
    return failed(
      `Intel: ${inventory.kernel.release} uses it only when told to.`,
      'Add intel_iommu=on to the kernel parameters.',
    );
  return unknown(
    configured ? 'The CPU or the kernel is not known.' : 'The parameters of the next boot are not known.',
    'On Intel, kernels before 6.8 need intel_iommu=on; on AMD nothing is needed.',
  );
}

function applied({ world, anchor, inventory, findings }: Scene): Draft {
  const { source, configured, running, pending, dropped } = bootArguments(world, anchor);
  if (!inventory) return notAsked();
  if (running === undefined)
    return unknown('The parameters of the running kernel are not known.', 'See "cat /proc/cmdline".');
  if (configured === undefined || source === undefined)
    return unknown(
      `Running: ${running.map(({ whole }) => whole.text).join(' ') || 'none'}. What the next boot gets is not known.`,
    );
  const gone = dropped.filter(({ id }) => concernsPassthrough(id));
  if (pending.length === 0 && gone.length === 0)
    return passed(
      `Running: ${running.map(({ whole }) => whole.text).join(' ') || 'no parameters beside the root disk'}`,
    );
  const isReported = findings.some(({ report }) => report.rule === 'boot/not-applied');
  return warning(
    [
      ...pending.map(one => parameterOf(world, one)),
      ...(isReported ? [] : gone.map(({ whole }) => fact(`The running kernel still has ${whole.text}.`))),
    ],
    `Run "${refreshCommand(source, inventory)}" and reboot.`,
  );
}

function iommuOn({ world, anchor, inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { on, by, afterReboot } = iommuState(world, anchor);
  if (on) {
    const names = inventory.iommus?.join(' ');
    const groups = new Set(inventory.functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number'));
    const draft = passed(names ? `/sys/class/iommu: ${names}` : `The devices are in ${groups.size} IOMMU groups.`);
    return afterReboot === false
      ? warning(
          [...draft.evidence, fact('It will be off after the next boot.')],
          'Take the parameter out that switches it off.',
        )
      : draft;
  }
  if (on === undefined)
    return unknown('It is not known whether it does.', 'See "ls /sys/class/iommu": it must not be empty.');
  const evidence = [fact('/sys/class/iommu is empty: no device is in a group.')];
  const configured = bootArguments(world, anchor).configured?.map(({ parameter }) => parameter);
  const isGone = by?.kind === 'parameter' && configured && !configured.some(({ whole }) => whole.text === by.text);
  if (by?.kind === 'parameter')
    return failed(
      evidence,
      isGone
        ? `The running kernel still has ${by.text}, which is in no file any more: refresh the boot loader and reboot.`
        : `Remove ${by.text} from the kernel parameters and reboot.`,
    );
  if (by?.kind === 'default' && afterReboot !== false && configured && wantsIommu(configured, inventory))
    return failed(evidence, 'The files ask for it: refresh the boot loader and reboot.');
  if (by?.kind === 'default') return failed(evidence, 'Add intel_iommu=on to the kernel parameters and reboot.');
  return failed(evidence, `Switch on ${iommuName(inventory)} in the firmware setup.`);
}

/** Some want it, most do not need it: never more than advice. */
function iommuMode({ world, anchor }: Scene): Draft {
  const { running } = bootArguments(world, anchor);
  const found = running?.find(
    ({ id, items }) => (id === 'iommu' && items.some(({ text }) => text === 'pt')) || id === 'iommu.passthrough',
  );
  return found
    ? passed(`The running kernel has ${found.whole.text}.`)
    : skipped(
        "Not asked for. iommu=pt can make the host's own disks and networks a little faster; no device needs it.",
      );
}

/** The kernel that a reboot brings: the pinned one, else the newest. */
export function nextKernel({ inventory }: Pick<Scene, 'inventory'>): string | undefined {
  const { boot, kernel } = inventory ?? {};
  if (boot?.pinnedKernel !== undefined && boot.pinnedKernel !== '') return boot.pinnedKernel;
  return [...(kernel?.installed ?? [])].sort(compareVersions).at(-1);
}

function nextKernelDraft(scene: Scene): Draft {
  const { inventory } = scene;
  if (!inventory) return notAsked();
  const { release, installed } = inventory.kernel;
  const next = nextKernel(scene);
  if (next === undefined || release === undefined)
    return {
      ...unknown(
        release === undefined ? 'The running kernel is not known.' : `${release} runs; the others are not known.`,
        'See "proxmox-boot-tool kernel list" and "ls /boot".',
      ),
      isAdvice: true,
    };
  const newest = [...(installed ?? [])].sort(compareVersions).at(-1);
  const { pinnedKernel } = inventory.boot;
  const pin =
    pinnedKernel && newest !== undefined && newest !== pinnedKernel
      ? [
          `${pinnedKernel} is pinned, and ${newest} is installed: "proxmox-boot-tool kernel unpin" gives the newest one again.`,
        ]
      : [];
  return passed(
    next === release
      ? `${release} runs, and boots next.`
      : `${release} runs, ${next} boots next. IOMMU groups and drivers can differ.`,
    ...pin,
  );
}
