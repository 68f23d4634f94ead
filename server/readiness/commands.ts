import { functionAt } from '../../host/inventory.ts';
import type { PciAddress } from '../../host/pciAddress.ts';
import { bootArguments, refreshCommand } from '../facts/bootArguments.ts';
import { isRunning } from '../facts/guestStart.ts';
import { virtualFunctionRequests } from '../facts/virtualFunctionRequests.ts';
import { concernsPassthrough } from '../languages/kernelCmdline/parameters.ts';
import { isWithoutReader } from '../languages/sysfs/release.ts';
import { configOf } from '../languages/vmConf/config.ts';
import { fromLines } from '../text/lines.ts';
import { isVfioDriver, reservations } from './driver.ts';
import { shortPath } from './evidence.ts';
import { nextKernel } from './kernel.ts';
import { moduleOptions } from './moduleOptions.ts';
import { agesOf, earlyFiles, isInEffect } from './modules.ts';
import type { DueCommand } from './readiness.ts';
import type { Scene } from './scene.ts';
import { isDisplay } from './units.ts';

/** What is to be run on the host, in that order: files first, then the boot, then the guest. */
export function dueCommands(scene: Scene): readonly DueCommand[] {
  const early = [...virtualFunctionCommands(scene), ...initramfsCommand(scene), ...loaderCommand(scene)];
  return [...early, ...rebootCommand(scene, early), ...guestCommand(scene)];
}

function virtualFunctionCommands(scene: Scene): readonly DueCommand[] {
  const { world, anchor, inventory, units, subject } = scene;
  const parents = new Set<string>(units.flatMap(unit => unit.functions.flatMap(fn => fn.physicalFunction ?? [])));
  const requests = virtualFunctionRequests(world, anchor).filter(
    one => subject.kind === 'host' || parents.has(one.address),
  );
  const last = requests.at(-1);
  if (!last || !inventory) return [];
  if (isWithoutReader(inventory))
    return [
      { command: 'apt install sysfsutils', why: `Nothing else reads ${shortPath(last.file.place.path)}.`, isDue: true },
    ];
  const counts = requests.map(one => ({ ...one, now: functionAt(inventory, one.address as PciAddress)?.vfCount }));
  const open = counts.find(one => one.now !== one.count);
  const isDue = open === undefined ? false : open.now === undefined ? undefined : true;
  const why = open
    ? `${open.address} shall have ${open.count} virtual functions${open.now === undefined ? '' : `, and has ${open.now}`}.`
    : 'The virtual functions that the file asks for are there.';
  return [{ command: 'systemctl restart sysfsutils', why, isDue }];
}

function initramfsCommand(scene: Scene): readonly DueCommand[] {
  const { inventory } = scene;
  const command = 'update-initramfs -u -k all';
  const edited = earlyFiles(scene).filter(file => {
    const onHost = inventory?.files.get(file.place.path)?.text;
    return onHost !== undefined && onHost.trimEnd() !== fromLines(file.lines).trimEnd();
  });
  if (edited.length > 0) {
    const names = edited.map(({ place }) => shortPath(place.path)).join(', ');
    return [{ command, why: `The host has another text of ${names}: put the file in place first.`, isDue: true }];
  }
  const ages = agesOf(scene);
  const stale = ages.filter(one => one.ages.older.length > 0);
  if (stale.length > 0) {
    const names = stale.map(({ file }) => shortPath(file.place.path)).join(', ');
    return [{ command, why: `${names} is newer than the initial RAM disk.`, isDue: true }];
  }
  if (ages.length > 0)
    return [{ command, why: 'The initial RAM disk is newer than the files about its modules.', isDue: false }];
  const matters = scene.units.some(unit => unit.functions.some(fn => reservations(scene, fn).length > 0));
  if (!matters && moduleOptions(scene).length === 0) return [];
  return [
    {
      command,
      why: 'After every change of modprobe.d or of a list of modules; when the image was made or the files were changed is not known.',
      isDue: undefined,
    },
  ];
}

function loaderCommand({ world, anchor, inventory }: Scene): readonly DueCommand[] {
  const { source, configured, running, pending, dropped } = bootArguments(world, anchor);
  if (source === undefined) return [];
  const command = refreshCommand(source, inventory);
  if (configured === undefined || running === undefined)
    return [{ command, why: 'What the file says and what the kernel was told cannot be compared.', isDue: undefined }];
  const gone = dropped.filter(({ id }) => concernsPassthrough(id));
  if (pending.length === 0 && gone.length === 0)
    return [{ command, why: 'The kernel runs with the parameters of the file.', isDue: false }];
  const asked = pending.map(({ parameter }) => parameter.whole.text).join(' ');
  const left = gone.map(({ whole }) => whole.text).join(' ');
  const wants = [asked && `asks for ${asked}`, left && `no longer asks for ${left}`].filter(Boolean).join(' and ');
  const paths = source === 'grub' ? ['/etc/default/grub'] : ['/etc/kernel/cmdline'];
  const changed = Date.parse(inventory?.files.get(paths[0] as string)?.modifiedAt ?? '');
  const booted = Date.parse(inventory?.kernel.bootedAt ?? '');
  // A file that was there before the boot and was not heeded has never reached the boot loader.
  const isDue = changed < booted ? true : undefined;
  return [{ command, why: `The file ${wants}; the running kernel was told otherwise.`, isDue }];
}

function rebootCommand(scene: Scene, early: readonly DueCommand[]): readonly DueCommand[] {
  const { world, anchor, inventory } = scene;
  const reasons = [...rebootReasons(scene, early)];
  if (reasons.length > 0) return [{ command: 'reboot', why: reasons.join(' '), isDue: true }];
  const { configured, running } = bootArguments(world, anchor);
  const isKnown = inventory !== undefined && configured !== undefined && running !== undefined;
  return isKnown
    ? [{ command: 'reboot', why: 'What is known of the host is in effect.', isDue: false }]
    : [
        {
          command: 'reboot',
          why: 'After every change above; whether all is in effect is not known.',
          isDue: undefined,
        },
      ];
}

function* rebootReasons(scene: Scene, early: readonly DueCommand[]): Generator<string> {
  const { world, anchor, inventory, guest, units } = scene;
  if (!inventory) return;
  const { configured, running, pending, dropped } = bootArguments(world, anchor);
  if (configured && running && (pending.length > 0 || dropped.some(({ id }) => concernsPassthrough(id))))
    yield 'The kernel runs with other parameters than its file gives.';
  if (early.some(one => one.command.startsWith('update-initramfs') && one.isDue))
    yield 'The modules of the initial RAM disk change.';
  const idle = moduleOptions(scene).filter(one => isInEffect(inventory, one) === false);
  if (idle.length > 0) yield `Options are not in effect: ${idle.map(one => `${one.module}.${one.name}`).join(', ')}.`;
  const reserved = units
    .filter(unit => unit.kind === 'whole' && !(guest && isRunning(world, guest)))
    .flatMap(unit => unit.functions)
    .find(fn => isDisplay(fn) && fn.driver && !isVfioDriver(fn.driver) && reservations(scene, fn).length > 0);
  if (reserved) yield `${reserved.address} is still on ${reserved.driver}, which the files keep away from it.`;
  const next = nextKernel(scene);
  const { release } = inventory.kernel;
  if (next !== undefined && release !== undefined && next !== release) yield `${release} runs, and ${next} boots next.`;
}

function guestCommand({ world, guest }: Scene): readonly DueCommand[] {
  const vmid = guest?.place.vmid;
  const pending = guest && configOf(guest).pending;
  if (!guest || vmid === undefined || !pending || pending.section.body.every(({ key }) => key.text === '')) return [];
  const runs = isRunning(world, guest);
  return [
    {
      command: `qm shutdown ${vmid} && qm start ${vmid}`,
      why: 'Changes wait in [PENDING] for a full stop and start; a reboot from inside the guest does not apply them.',
      isDue: runs,
    },
  ];
}
