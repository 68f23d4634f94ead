import { type BootSource, refreshCommand } from '../facts/bootArguments.ts';
import { isRunning, startsByItself } from '../facts/guestStart.ts';
import type { Change, Plan } from './plan.ts';
import type { Request } from './request.ts';
import { staleCommandLine, staleImage } from './standing.ts';

type Commands = Plan['commands'];

/** What to run on the host once the files are in place there, in that order. */
export function commandsDue(
  request: Request,
  changes: readonly Change[],
  source: BootSource | undefined,
  first: Commands,
): Commands {
  const touches = (pattern: RegExp): Need => needOf(changes, pattern);
  const initramfs = touches(/\/etc\/(?:modprobe\.d|initramfs-tools)\//);
  const boot = touches(/\/etc\/(?:kernel\/cmdline$|default\/grub)/);
  // What somebody forgot to run is due as well, or the VM does not start for it.
  const [image, line] = [staleImage(request), staleCommandLine(request)];
  const needs = {
    image: initramfs === 'needed' || image === undefined ? initramfs : ('needed' as const),
    boot: boot === 'needed' || line === undefined ? boot : ('needed' as const),
  };
  const isReboot = ({ command }: Commands[number]): boolean => command === 'reboot';
  const due = [
    ...first,
    ...command(
      needs.image,
      'update-initramfs -u -k all',
      needs.image === initramfs ? 'drivers load from the initramfs, which keeps a copy of modprobe.d' : (image ?? ''),
    ),
    ...(source
      ? command(
          needs.boot,
          refreshCommand(source, request.ground.inventory),
          needs.boot === boot ? 'hands the kernel command line to the boot loader' : (line ?? ''),
        )
      : []),
  ];
  const edits = touches(/\/etc\/(?:modprobe\.d|initramfs-tools|modules|kernel\/cmdline$|default\/grub)/);
  const early = image !== undefined || line !== undefined ? 'needed' : edits;
  if (!due.some(isReboot)) due.push(...command(early, 'reboot', 'the host applies this when it starts'));
  const guest =
    touches(/\/[0-9]+\.conf$/) === 'needed' ? startOf(request, early === 'needed' || first.some(isReboot)) : [];
  return [...due, ...guest];
}

type Need = 'needed' | 'optional' | undefined;

function needOf(changes: readonly Change[], pattern: RegExp): Need {
  const touching = changes.filter(({ edits }) => edits.some(({ uri }) => pattern.test(uri)));
  if (touching.length === 0) return undefined;
  return touching.some(({ isOptional }) => !isOptional) ? 'needed' : 'optional';
}

function command(need: Need, text: string, why: string): Commands {
  if (need === undefined) return [];
  return [{ command: text, why: need === 'needed' ? why : `${why}; only with the optional changes` }];
}

function startOf({ ground, guest }: Request, isAfterReboot: boolean): Commands {
  const { vmid } = guest.place;
  if (vmid === undefined || (isAfterReboot && startsByItself(ground.world, guest))) return [];
  return !isAfterReboot && isRunning(ground.world, guest) === true
    ? [
        {
          command: `qm reboot ${vmid}`,
          why: 'a VM gets devices when it is started anew; a reboot from inside the guest is not that',
        },
      ]
    : [{ command: `qm start ${vmid}`, why: 'starts the VM with the device' }];
}
