import { virtualFunctionRequests } from '../facts/virtualFunctionRequests.ts';
import { isWithoutReader } from '../languages/sysfs/release.ts';
import { sysfs } from '../languages/sysfs/sysfs.ts';
import { insertLine } from '../text/edit.ts';
import { tokenSpan } from '../text/span.ts';
import { changeIn, endOf } from './change.ts';
import { fileAt, type Ground } from './ground.ts';
import type { Change, Plan } from './plan.ts';
import type { Request } from './request.ts';

/** How VFs come to be at each boot. */
export interface VfPlan {
  readonly change: Change | undefined;
  readonly commands: Plan['commands'];
  readonly notes: readonly string[];
}

const nothing: VfPlan = { change: undefined, commands: [], notes: [] };

/**
 * A line of sysfs.d that makes VFs at boot, with the package that reads it. NVIDIA's own service makes those of its cards.
 * VFs that exist already came from somewhere: a line for them is offered only.
 */
export function vfPlan(request: Request): VfPlan {
  const { ground, parent, wish } = request;
  if (wish.way !== 'vf' || !parent) return nothing;
  const existing = parent.virtualFunctions?.length ?? parent.vfCount ?? 0;
  const count = wish.vfCount ?? existing;
  if (count === 0) return nothing;
  if (parent.vendorId === '10de') return existing > 0 ? nothing : ofNvidia;
  const asked = requestsFor(ground, parent.address).at(-1);
  if (asked?.count === count) return existing === 0 ? { ...nothing, notes: [comeLater] } : nothing;
  const isOptional = existing === count && asked === undefined;
  const change = lineFor(ground, parent.address, count, asked);
  return {
    change: isOptional
      ? {
          ...change,
          isOptional,
          why: `${change.why} They exist already; nothing at hand says what makes them. It takes the package sysfsutils.`,
        }
      : change,
    commands: isOptional ? [] : commandsFor(ground, existing),
    notes: existing === 0 ? [comeLater] : [],
  };
}

const comeLater =
  'The addresses of the virtual functions are known when they exist: read the host again then, and give one of them to the VM.';

const ofNvidia: VfPlan = {
  change: undefined,
  commands: [
    {
      command: 'systemctl enable --now pve-nvidia-sriov@ALL.service',
      why: 'makes the virtual functions of NVIDIA cards, now and at each boot',
    },
  ],
  notes: [comeLater],
};

const requestsFor = (ground: Ground, address: string) =>
  virtualFunctionRequests(ground.world, fileAt(ground, sysfs, usual)).filter(one => one.address === address);

const usual = '/etc/sysfs.d/sriov.conf';

function lineFor(
  ground: Ground,
  address: string,
  count: number,
  asked: ReturnType<typeof requestsFor>[number] | undefined,
): Change {
  const what = {
    label: `Make ${count} virtual ${count === 1 ? 'function' : 'functions'} of ${address} at boot`,
    why: 'Virtual functions are gone after a reboot.',
  };
  if (asked) {
    const edit = { span: tokenSpan(asked.line.line, asked.line.value), text: String(count) };
    return changeIn(asked.file, { ...what, edits: [edit] });
  }
  const file = fileAt(ground, sysfs, usual);
  const line = `bus/pci/devices/${address}/sriov_numvfs = ${count}`;
  return changeIn(file, { ...what, edits: [insertLine(file.lines, endOf(file.lines), line)] });
}

function commandsFor({ inventory }: Ground, existing: number): Plan['commands'] {
  const isInstalled = inventory.packages.get('sysfsutils') !== undefined;
  const why = isWithoutReader(inventory)
    ? 'reads /etc/sysfs.d; it is not installed'
    : 'reads /etc/sysfs.d, where it is not installed yet';
  return [
    ...(isInstalled ? [] : [{ command: 'apt install sysfsutils', why }]),
    existing === 0
      ? {
          command: 'systemctl restart sysfsutils',
          why: 'makes the virtual functions now; at boot it happens by itself',
        }
      : {
          command: 'reboot',
          why: `the kernel does not change ${existing} virtual functions to another number while they exist`,
        },
  ];
}
