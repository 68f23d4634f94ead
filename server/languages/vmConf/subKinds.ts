import { matching, type ValueKind } from '../../values/kind.ts';
import { uuid } from '../../values/names.ts';
import { pciAddressList } from '../../values/pciAddress.ts';
import { own } from './schema.ts';

/**
 * Words for values whose schema is only a pattern, by option and sub-property. The pattern decides; these say what was
 * meant, and mend what is beyond doubt.
 */
export const subKind = (option: string, sub: string): ValueKind | undefined => own(kinds, `${option}.${sub}`);

const hexId: ValueKind = matching('an id of four hexadecimal digits such as 0x10de', /^0x[0-9a-fA-F]{4}$/, {
  mend: text => {
    const digits = /^[ \t]*(?:0x)?([0-9a-f]{4})[ \t]*$/i.exec(text)?.[1];
    return digits && `0x${digits.toLowerCase()}`;
  },
});

const numberRanges: ValueKind = matching(
  'a list of numbers and ranges with semicolons between them, such as 0-3;8',
  /^[0-9]+(?:-[0-9]+)?(?:;[0-9]+(?:-[0-9]+)?)*$/,
  {
    mend: text =>
      text
        .trim()
        .replace(/[;, ]+/g, ';')
        .replace(/^;|;$/g, ''),
  },
);

const base64: ValueKind = matching('Base64-encoded text (with base64=1)', /^[A-Za-z0-9+/]+={0,2}$/);

const inquiry = (most: number): ValueKind =>
  matching(`at most ${most} letters, digits, blanks, - and _`, new RegExp(`^[A-Za-z0-9\\-_ ]{0,${most}}$`));

const wwn: ValueKind = matching('0x and 16 hexadecimal digits', /^0x[0-9a-fA-F]{16}$/);

const machineType: ValueKind = matching(
  'a machine type such as q35, pc, pc-q35-9.2+pve1 or pc-i440fx-9.2',
  /^(?:pc|q35|virt)/,
  { check: () => 'is not a machine type such as q35, pc, pc-q35-9.2+pve1 or pc-i440fx-9.2', mend: mendMachine },
);

/** `Q35`, `i440fx` and `pc-i440fx` are what people call the two. */
function mendMachine(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'i440fx' || word === 'pc-i440fx' || word === '440fx') return 'pc';
  if (word === 'pc-q35') return 'q35';
  return word.replace(/^q35-(?=[0-9])/, 'pc-q35-').replace(/^i440fx-(?=[0-9])/, 'pc-i440fx-');
}

const kinds: Readonly<Record<string, ValueKind>> = {
  'boot.legacy': matching('one to four of the letters a, c, d, n', /^[acdn]{1,4}$/, {
    check: () => 'is neither order=DEVICES nor one to four of the letters a, c, d, n',
  }),
  'cpu.flags': matching('a list such as +aes;-pcid', /^[+-][\w\-.]+(?:;[+-][\w\-.]+)*$/, {
    check: () => 'is not a list of flags: each with + or - before it, semicolons between them',
    mend: text => text.trim().replace(/[; ]+/g, ';').replace(/^;|;$/g, ''),
  }),
  'cpu.hv-vendor-id': matching('one to twelve letters and digits', /^[a-zA-Z0-9]{1,12}$/),
  'hostpci.device-id': hexId,
  'hostpci.host': pciAddressList,
  'hostpci.mdev': matching('the name of a mediated device type such as nvidia-222', /^[^/.:]+$/),
  'hostpci.romfile': matching('a file name without semicolons', /^[^,;]+$/),
  'hostpci.sub-device-id': hexId,
  'hostpci.sub-vendor-id': hexId,
  'hostpci.vendor-id': hexId,
  'ide.wwn': wwn,
  'ivshmem.name': matching('a name of letters, digits and hyphens', /^[a-zA-Z0-9-]+$/),
  'machine.type': machineType,
  'meta.creation-qemu': matching('a version such as 9.2.0', /^[0-9]+(?:\.[0-9]+)+$/),
  'net.trunks': numberRanges,
  'numa.cpus': numberRanges,
  'numa.hostnodes': numberRanges,
  'runningmachine.type': machineType,
  'sata.wwn': wwn,
  'scsi.product': inquiry(16),
  'scsi.vendor': inquiry(8),
  'scsi.wwn': wwn,
  'smbios1.family': base64,
  'smbios1.manufacturer': base64,
  'smbios1.product': base64,
  'smbios1.serial': base64,
  'smbios1.sku': base64,
  'smbios1.uuid': uuid,
  'smbios1.version': base64,
  'usb.host': matching('vendor:device such as 046d:c52b, a port such as 1-4.2, or spice', /^$/, {
    mend: text => /^(?:0x)?[0-9a-f]{4}:(?:0x)?[0-9a-f]{4}$|^[0-9]+-[0-9]+(?:\.[0-9]+)*$/i.exec(text.trim())?.[0],
  }),
};
