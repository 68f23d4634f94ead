import { deviceLabel, functionAt, type PciFunction } from '../../../host/inventory.ts';
import { type PciAddress, slotOf } from '../../../host/pciAddress.ts';
import { driftOf, wasWrittenThen } from '../../facts/drift.ts';
import type { Passed } from '../../facts/handovers.ts';
import type { SourceFile } from '../../languages/language.ts';
import { property } from '../../languages/vmConf/config.ts';
import { hostAddresses } from '../../languages/vmConf/machine.ts';
import { deviceRule, type Given, named } from '../deviceRule.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';

const host =
  'hostpci snapshot 1\n== pci functions: ok\n0000:01:00.0\n  class: 0108\n  vendor: 144d\n  device: a808\n0000:02:00.0\n  class: 0300\n  vendor: 10de\n  device: 2484\n== end\n';

export const deviceIdentityChanged = deviceRule({
  id: 'drift/device-identity-changed',
  severity: 'error',
  docs: {
    what: 'Another device is at the address that a `hostpci` entry names than was there when the host was asked before, or than a note in the file says (`# hostpci0 10de:2484`). A card that was replaced by one of the same kind is a note only.',
    why: 'After a card was added, moved or removed, buses get other numbers. The VM starts with whatever is at the address now, be it the disk or the network card of the host. Resource mappings refuse that.',
    source: 'pve-guest-common, PVE/Mapping/PCI.pm assert_valid: made for this; pve-docs, qm.adoc, resource mapping',
  },
  examples: [
    {
      bad: '# hostpci0 10de:2484\nhostpci0: «0000:01:00.0»\n',
      fixed: '# hostpci0 10de:2484\nhostpci0: 0000:02:00.0\n',
      good: '# hostpci0 10de:2484\nhostpci0: 0000:02:00.0\n',
      host,
    },
  ],
  *find(given) {
    const { handover, file } = given;
    if (property(handover.entry, 'mapping')) return;
    const noted = notedId(file, handover.entry.key);
    for (const passed of handover.passed) {
      const finding = sinceLastTime(given, passed) ?? (noted ? unlikeNote(given, passed, noted) : undefined);
      if (finding) yield finding;
      if (finding || noted) return;
    }
  },
});

/** The ids that a line of the notes gives for an entry. */
const notedId = ({ lines }: SourceFile, key: string): string | undefined =>
  lines
    .map(line => /^#+[ \t]*(hostpci[0-9]{1,2})[ \t:=]+([0-9a-f]{4}:[0-9a-f]{4})\b/i.exec(line))
    .find(found => found?.[1]?.toLowerCase() === key)?.[2]
    ?.toLowerCase();

function unlikeNote(given: Given, { fn, span }: Passed, noted: string): Finding | undefined {
  if (fn.vendorId === undefined || fn.deviceId === undefined || `${fn.vendorId}:${fn.deviceId}` === noted)
    return undefined;
  const [there, ...more] = given.inventory.functions.filter(one => `${one.vendorId}:${one.deviceId}` === noted);
  return {
    span,
    message: `The notes say ${noted}, and ${fn.address} is ${deviceLabel(fn)}: the VM would start with another device. Correct the address, or use a mapping, which refuses that.`,
    fixes: there && more.length === 0 ? follow(given, span, there.address) : [],
  };
}

/**
 * Ids alone: a firmware update can change the subsystem and the revision. An entry that was written since then is meant as
 * it is; where that is not known, one that names a device of the same class which moved there may have followed it.
 */
function sinceLastTime(given: Given, { fn, span }: Passed): Finding | undefined {
  const { world, file, inventory, handover } = given;
  const previous = world.snapshots.find(one => one.inventory === inventory)?.previous;
  const before = previous && functionAt(previous, fn.address);
  const drift = driftOf(world, file);
  if (!drift || !before || isSame(before, fn)) return undefined;
  const hasMovedHere = before.classId === fn.classId && drift.at(fn.address).some(({ kind }) => kind === 'moved');
  const isOld = wasWrittenThen(previous, file, file.lines[handover.entry.line] ?? '') ?? !hasMovedHere;
  if (!isOld) return undefined;
  const moved = drift.changes.find(({ kind, from }) => kind === 'moved' && from === fn.address)?.address;
  const isSwap = !moved && before.classId === fn.classId;
  return {
    span,
    severity: isSwap ? 'info' : 'error',
    message: `${fn.address} was ${deviceLabel(before)} when the host was asked before, and is ${named(fn)} now${moved ? `; that device is at ${moved}` : ''}.${isSwap ? ' Make sure that the VM is meant to have it.' : ' The VM would start with the wrong device. Correct the address, or use a mapping, which refuses that.'}`,
    fixes: moved ? follow(given, span, moved) : [],
  };
}

const isSame = (a: PciFunction, b: PciFunction): boolean =>
  a.vendorId === undefined || b.vendorId === undefined || (a.vendorId === b.vendorId && a.deviceId === b.deviceId);

/** As the entry says it: with or without a function. */
function follow({ handover, file }: Given, span: Finding['span'], address: PciAddress) {
  const item = hostAddresses(handover.entry).find(({ token }) => token.start === span.start);
  const text = item?.function ? address : slotOf(address);
  return item ? [fixIn(file, `Follow the device to ${text}`, { span, text })] : [];
}
