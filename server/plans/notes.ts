import type { HostClaim } from '../facts/deviceUse.ts';
import { grouped } from '../facts/grouped.ts';
import { lossesOf } from '../facts/groupFaults.ts';
import { iommuState, isOn } from '../facts/iommu.ts';
import { configOf, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { displayOf, machineOf } from '../languages/vmConf/machine.ts';
import { drivesOf } from '../languages/vmConf/start.ts';
import { listed, named } from '../rules/deviceRule.ts';
import { needLabel } from '../values/deviceCard.ts';
import { claimant, claimsOf } from './claims.ts';
import { groupCompany, isDisplay, isScreen } from './devices.ts';
import { anchorOf } from './ground.ts';
import type { Request } from './request.ts';

/** What no edit can do, and what somebody may not expect. What rules will say of the edited files is not repeated here. */
export function notesOn(request: Request): readonly string[] {
  return [...hostNotes(request), ...otherUsers(request), ...guestNotes(request), ...mediatedNotes(request)];
}

function* hostNotes({ ground, functions, wish }: Request): Generator<string> {
  const { inventory, world } = ground;
  if (wish.way !== 'mdev') {
    const company = groupCompany(inventory, functions);
    const consoles = lossesOf(inventory, [...functions, ...company]).filter(({ need }) => need.kind === 'console');
    if (company.length > 0)
      yield `${listed(company.map(named))} ${company.length > 1 ? 'are' : 'is'} in the same IOMMU group and ${company.length > 1 ? 'leave' : 'leaves'} the host too when the VM starts.`;
    for (const { fn, need } of consoles)
      yield `${named(fn)} carries the ${needLabel(need)}: its screen freezes when the VM starts, so have SSH ready.`;
    const groupless = functions.filter(fn => typeof fn.iommuGroup !== 'number');
    const state = iommuState(world, anchorOf(ground));
    if (state.on === false && state.by?.kind === 'firmware')
      yield 'The kernel found no IOMMU: switch VT-d or AMD-Vi on in the firmware.';
    else if (groupless.length > 0 && isOn(inventory) !== false)
      yield `It is not known in which IOMMU group ${listed(groupless.map(fn => fn.address))} ${groupless.length > 1 ? 'are' : 'is'}, so neither is what else leaves the host with ${groupless.length > 1 ? 'them' : 'it'}.`;
  }
  if (!inventory.complete) yield 'Not all devices of the host are known.';
}

/** Nobody reads more than this. */
const mostUsers = 8;

/** A device is in one place at a time, whoever starts first. */
function* otherUsers({ ground, functions, guest, wish }: Request): Generator<string> {
  const isOther = ({ uri, mdev, by }: HostClaim): boolean =>
    uri !== guest.uri && !(wish.way === 'mdev' && (mdev !== undefined || by === 'container'));
  const claims = functions.flatMap(fn =>
    claimsOf(ground, fn)
      .filter(isOther)
      .map(claim => ({ fn, claim })),
  );
  const byUser = [...grouped(claims, ({ claim }) => claimant(claim))];
  for (const [who, uses] of byUser.slice(0, mostUsers)) {
    const what = listed([...new Set(uses.map(({ fn }) => fn.address))]);
    const { by, guest: vmid } = (uses[0] as (typeof uses)[number]).claim;
    const runs = ground.inventory.guests?.some(one => one.kind === 'qemu' && one.vmid === vmid && one.running);
    yield by === 'container'
      ? `${who} uses ${what} through the driver of the host, and cannot while the VM has it.`
      : `${who} has ${what} as well: both cannot run at once${runs ? ', and it runs now' : ''}.`;
  }
  if (byUser.length > mostUsers) yield `${byUser.length - mostUsers} more guests have it as well.`;
  const known = new Set([guest.place.vmid, ...claims.map(({ claim }) => claim.guest)]);
  const addresses = new Set(functions.map(fn => fn.address));
  for (const { address, vmid } of ground.inventory.reservations ?? [])
    if (addresses.has(address) && !known.has(vmid)) yield `VM ${vmid} runs with ${address} right now.`;
}

function* guestNotes({ guest, functions, wish }: Request): Generator<string> {
  const { next } = configOf(guest);
  const lock = stored(next, 'lock');
  if (lock !== undefined) yield `The VM is locked (${lock}): wait until that task is done before you change it.`;
  if (!functions.some(isDisplay)) return;
  if (wish.way === 'whole' && functions.some(isScreen)) yield* screenNotes(guest);
  const type = textOfProperty(next.entry('cpu'), 'cputype') ?? 'kvm64';
  if (type === 'kvm64' || type === 'qemu64')
    yield `The VM's CPU type is ${type}; guest drivers of graphics cards do best with cpu: host.`;
}

/** Machine type and firmware of an installed guest stay as they are: it may not boot with others. */
function* screenNotes(guest: Request['guest']): Generator<string> {
  const { next } = configOf(guest);
  const isModern = machineOf(next).isQ35 && stored(next, 'bios') === 'ovmf';
  const isInstalled = drivesOf(next).some(entry => textOfProperty(entry, 'media') !== 'cdrom');
  if (!isModern)
    yield isInstalled
      ? 'Graphics cards work best with machine: q35 and bios: ovmf. Do not switch an installed guest over: it may not boot any more.'
      : `Graphics cards work best with machine: q35 and bios: ovmf; set them before you install the guest: qm set ${guest.place.vmid ?? 'VMID'} --machine q35 --bios ovmf --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=1`;
  if (displayOf(next) !== 'none')
    yield 'A picture comes out of the card itself: plug a monitor in, or use remote desktop in the guest. The emulated display stays until the guest has its driver; x-vga=1 or vga: none takes it away.';
}

function* mediatedNotes({ functions, wish, ground, guest }: Request): Generator<string> {
  const [parent] = functions;
  if (wish.way !== 'mdev' || !parent) return;
  if (parent.mdevTypes === undefined) yield `It is not known which types of mediated devices ${named(parent)} offers.`;
  const type = parent.mdevTypes?.find(({ id }) => id === wish.mdevType);
  const isHeld = claimsOf(ground, parent).some(({ uri, mdev }) => uri === guest.uri && mdev === wish.mdevType);
  if (type?.available === 0 && !isHeld)
    yield `No ${type.id} is free on ${named(parent)} right now: another guest has to stop first.`;
}
