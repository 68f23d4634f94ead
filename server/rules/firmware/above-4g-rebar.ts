import type { Inventory } from '../../../host/inventory.ts';
import { deviceRule, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
0000:02:00.0
  class: 0300
== kernel messages: ok
  | pci 0000:01:00.0: BAR 1 [mem size 0x400000000 64bit pref]: can't assign; no space
  | pci 0000:02:00.0: BAR 1 [mem size 0x10000000 64bit pref]: can't assign; no space
  | pci 0000:02:00.0: BAR 1 [mem 0x4000000000-0x400fffffff 64bit pref]: assigned
== end
`;

export const above4gRebar = deviceRule({
  id: 'firmware/above-4g-rebar',
  severity: 'info',
  docs: {
    what: 'The kernel found no place for a memory region of a graphics card that a VM gets.',
    why: 'Such a card does not work, neither for the host nor for a guest (Code 43, black screen). Large regions need "Above 4G decoding" in the firmware; where that is on, a resizable BAR may have become too large.',
    source: 'kernel, drivers/pci/setup-res.c; https://github.com/isc30/ryzen-gpu-passthrough-proxmox/issues/135',
  },
  examples: [{ bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 02:00.0\n', host }],
  *find({ handover, inventory }) {
    if (handover.kind === 'mediated') return;
    for (const { fn, span } of handover.passed) {
      const bar = fn.classId?.startsWith('03') ? homelessBar(inventory, fn.address) : undefined;
      if (bar === undefined) continue;
      yield {
        span,
        message: `The kernel found no place for BAR ${bar} of ${named(fn)}. Switch on Above 4G decoding in the firmware; if it is on, try it without resizable BAR.`,
      };
    }
  },
});

/** The kernel tries more than once; what it said last of a BAR counts. */
function homelessBar({ kernelMessages }: Inventory, address: string): string | undefined {
  const last = new Map<string, boolean>();
  for (const text of kernelMessages ?? []) {
    if (!text.includes(`${address}: BAR `)) continue;
    const bar = /: BAR ([0-5])\b/.exec(text)?.[1];
    if (bar === undefined) continue;
    if (/can't assign|failed to assign/.test(text)) last.set(bar, true);
    else if (/assigned/.test(text)) last.set(bar, false);
  }
  return [...last].find(([, isHomeless]) => isHomeless)?.[0];
}
