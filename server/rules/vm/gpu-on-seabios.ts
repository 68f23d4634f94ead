import { functionAt } from '../../../host/inventory.ts';
import { choicesOf } from '../../facts/passedDevices.ts';
import { isFlagOn, property, stored } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atPart, startRule } from '../startRule.ts';

export const gpuOnSeabios = startRule({
  id: 'vm/gpu-on-seabios',
  severity: 'info',
  docs: {
    what: 'A graphics card is the primary display (`x-vga=1`) of a VM that boots with SeaBIOS and gives it no ROM file.',
    why: 'Recent cards carry a UEFI ROM only: SeaBIOS shows nothing, and the picture comes with the driver of the guest. A new VM is better made with OVMF and q35; an installed guest does not survive the change as it is.',
    source: 'pve-docs, qm-pci-passthrough.adoc; https://github.com/sk1080/nvidia-kvm-patcher/issues/16',
  },
  examples: [{ bad: 'hostpci0: 01:00,«x-vga=1»\n', good: 'bios: ovmf\nhostpci0: 01:00,x-vga=1\n' }],
  needs: ['hostpciN.x-vga'],
  *find({ settings, file, world }) {
    if (!/^(?:seabios)?$/.test(stored(settings, 'bios') ?? '')) return;
    const entry = settings.family('hostpci').find(one => isFlagOn(one, 'x-vga') && !property(one, 'romfile'));
    if (!entry) return;
    const inventory = inventoryOf(world, file);
    const functions = (choicesOf(world, file, entry) ?? []).flatMap(choice => choice.functions ?? []);
    const classes = functions.map(address => inventory && functionAt(inventory, address)?.classId);
    // What is no display at all is the business of hostpci/x-vga-misuse.
    if (classes.length > 0 && classes.every(id => id !== undefined && !id.startsWith('0300'))) return;
    yield {
      span: atPart(entry, 'x-vga'),
      message:
        'SeaBIOS shows nothing on a card whose ROM is for UEFI only, as on most recent ones. For a new VM take bios: ovmf with machine: q35; do not switch an installed guest over.',
    };
  },
});
