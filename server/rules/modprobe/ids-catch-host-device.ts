import { deviceLabel, type PciFunction } from '../../../host/inventory.ts';
import { claimsOn } from '../../facts/deviceUse.ts';
import { isVital, type Loss } from '../../facts/groupFaults.ts';
import { functionsWithId, hasIds, idEntries, idsParameters } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { needLabel, needsOf } from '../../values/deviceCard.ts';
import { inventoryOf, type World } from '../../workspace/world.ts';
import { type ModprobeFile, modprobeRule } from '../modprobeRule.ts';
import type { Finding } from '../rule.ts';

const nic = (address: string): string => `${address}\n  class: 0200\n  vendor: 8086\n  device: 1539 I211 Gigabit\n`;
const host = `hostpci snapshot 1
== pci functions: ok
${nic('0000:03:00.0')}${nic('0000:04:00.0')}0000:05:00.0
  class: 0200
  vendor: 8086
  device: 1533
== host needs: ok
0000:03:00.0
  kind: bridge-nic
  detail: vmbr0
== end
`;

export const idsCatchHostDevice = modprobeRule({
  id: 'modprobe/ids-catch-host-device',
  severity: 'error',
  docs: {
    what: 'An id in `ids=` that a device has which the host itself needs, or that other devices have besides the one a guest gets.',
    why: 'vfio-pci takes every device with the id when it is loaded. The host then starts without its disk, its network or its console.',
    source: 'kernel 6.1 and 6.12, drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids; observed with two cards of one id',
  },
  examples: [
    {
      bad: 'options vfio-pci ids=«8086:1539»,8086:1533\n',
      good: 'options vfio-pci ids=8086:1533\n',
      host,
    },
    {
      bad: 'options vfio-pci ids=«8086:1539»\n',
      good: 'options vfio-pci ids=8086:1533\n',
      host: host.replace('kind: bridge-nic\n  detail: vmbr0', 'kind: host-nic\n  detail: enp3s0'),
    },
  ],
  concerns: hasIds,
  *find(node, file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const { value } of idsParameters(node)) {
      for (const { token, id } of idEntries(value)) {
        const devices = id ? functionsWithId(inventory, id) : [];
        const needed = devices.flatMap(fn => needsOf(inventory, fn.address).map(need => ({ fn, need })));
        const told = tellNeeded(needed, devices, world, file) ?? tellUnclaimed(devices, world, file);
        if (told) yield { span: spanIn(node.line, token), ...told };
      }
    }
  },
});

type Told = Omit<Finding, 'span'> | undefined;

/** A console or a keyboard is often given away on purpose: then a guest claims it. */
function tellNeeded(needed: readonly Loss[], devices: readonly PciFunction[], world: World, file: ModprobeFile): Told {
  const found = needed.find(isVital) ?? needed.find(({ fn }) => !isClaimed(world, file, fn));
  if (!found) return undefined;
  const { fn, need } = found;
  const others =
    devices.length > 1 ? ` All ${devices.length} devices with this id are taken: bind by address instead.` : '';
  return {
    severity: isVital(found) ? 'error' : 'warning',
    message: `This also takes ${fn.address} (${deviceLabel(fn)}) from the host: ${needLabel(need)}.${others}`,
  };
}

/** Of several devices with the id some are given to guests, and some are not. */
function tellUnclaimed(devices: readonly PciFunction[], world: World, file: ModprobeFile): Told {
  const free = devices.filter(fn => !isClaimed(world, file, fn) && !fn.physicalFunction);
  const [first] = free;
  if (!first || free.length === devices.length) return undefined;
  return {
    severity: 'warning',
    message: `This also takes ${first.address} (${deviceLabel(first)}), which no guest has. Bind by address if the host shall keep it.`,
  };
}

const isClaimed = (world: World, file: ModprobeFile, fn: PciFunction): boolean =>
  claimsOn(world, file, fn.address).length > 0;
