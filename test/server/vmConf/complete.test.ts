import assert from 'node:assert/strict';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { checkCompletion } from '../../support/check.ts';
import { smallHost } from './smallHost.ts';

const host = { host: smallHost };

suite('VM conf: completion of keys', () => {
  test('an empty file offers everything, families with index 0', () =>
    checkCompletion(vmConf, '¦', {
      has: [
        { label: 'hostpci0', kind: 'key', resultText: 'hostpci0: ' },
        { label: 'machine', resultText: 'machine: ', detail: 'property string' },
        { label: 'numa', detail: 'boolean' },
        'numa0',
      ],
      hasNot: ['hostpci1', 'delete', 'snapstate'],
    }));

  test('keys that are there are left out; a family goes on with the next free index', () =>
    checkCompletion(vmConf, 'bios: ovmf\nhostpci0: 01:00\nhostpci2: 02:00\n¦\n', {
      has: [{ label: 'hostpci1', resultText: 'bios: ovmf\nhostpci0: 01:00\nhostpci2: 02:00\nhostpci1: \n' }],
      hasNot: ['bios', 'hostpci0', 'hostpci2'],
    }));

  test('an index that is typed is offered too while it is free', () =>
    checkCompletion(vmConf, 'hostpci0: 01:00\nhostpci5¦', { has: ['hostpci1', 'hostpci5'], hasNot: ['hostpci0'] }));

  test('an index beyond the last one is not offered', () =>
    checkCompletion(vmConf, 'hostpci16¦', { has: ['hostpci0'], hasNot: ['hostpci16'] }));

  test('a full family offers nothing more', () =>
    checkCompletion(vmConf, 'efidisk0: local:1\n¦', { hasNot: ['efidisk0', 'efidisk1'] }));

  test('a line without a value yet counts as there', () =>
    checkCompletion(vmConf, 'hostpci0:\nmachine: \n¦', { has: ['hostpci1'], hasNot: ['hostpci0', 'machine'] }));

  test('in the middle of a word the whole word is replaced', () =>
    checkCompletion(vmConf, 'mac¦hin\n', { has: [{ label: 'machine', resultText: 'machine: \n' }] }));

  test('in a key with a value the value stays', () =>
    checkCompletion(vmConf, 'hostp¦c0: 01:00\n', { has: [{ label: 'hostpci0', resultText: 'hostpci0: 01:00\n' }] }));

  test('blanks before a key go away: they would make the line invalid', () =>
    checkCompletion(vmConf, '  bio¦', { has: [{ label: 'bios', resultText: 'bios: ' }] }));

  test('carriage returns stay', () =>
    checkCompletion(vmConf, 'bios: ovmf\r\nmach¦\r\n', {
      has: [{ label: 'machine', resultText: 'bios: ovmf\r\nmachine: \r\n' }],
    }));

  test('on the first line of a CRLF file that is else empty', () =>
    checkCompletion(vmConf, '¦\r\n', { has: [{ label: 'bios', resultText: 'bios: \r\n' }] }));

  test('a name that a newer Proxmox brought says so and comes last', () => {
    const found = checkCompletion(
      vmConf,
      '¦',
      { has: [{ label: 'intel-tdx', detail: /since qemu-server 9\.0\.25, this host has 8\.4\.1/ }] },
      host,
    );
    const sorted = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1)).map(one => one.label);
    assert.ok(sorted.indexOf('intel-tdx') > sorted.indexOf('protection'));
  });

  test('cdrom is another name of ide2', () =>
    checkCompletion(vmConf, 'ide2: none\n¦', { hasNot: ['cdrom', 'ide2'], has: ['ide0'] }));

  test('nothing in comments', () => {
    checkCompletion(vmConf, '#¦', { count: 0 });
    checkCompletion(vmConf, '# host¦pci0: 01', { count: 0 });
  });

  test('nothing in args, description and behind complete lines', () => {
    checkCompletion(vmConf, 'args: -dev¦', { count: 0 });
    checkCompletion(vmConf, 'description: a ¦', { count: 0 });
    checkCompletion(vmConf, 'not a key ¦', { count: 0 });
    checkCompletion(vmConf, 'unknown: ¦', { count: 0 });
  });
});

suite('VM conf: completion in sections', () => {
  test('a blank line offers headers too, behind the keys', () => {
    const found = checkCompletion(vmConf, 'bios: ovmf\n¦', { has: [{ label: '[PENDING]', kind: 'section' }] });
    const last = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1)).at(-1);
    assert.equal(last?.kind, 'section');
    checkCompletion(vmConf, 'bios: ovmf\nb¦', { hasNot: ['[PENDING]'] });
  });

  test('what became of a snapshot', () =>
    checkCompletion(vmConf, '[s1]\nsnapstate: ¦', { order: ['prepare', 'delete'] }));

  test('headers that are not there yet', () =>
    checkCompletion(vmConf, 'bios: ovmf\n[¦\n', {
      has: [{ label: '[PENDING]', kind: 'section', resultText: 'bios: ovmf\n[PENDING]\n' }, '[special:cloudinit]'],
    }));

  test('a header in the middle of its word', () =>
    checkCompletion(vmConf, '[pe¦n\n', { has: [{ label: '[PENDING]', resultText: '[PENDING]\n' }] }));

  test('a section that is there is not offered again', () =>
    checkCompletion(vmConf, '[pending]\n[¦', { hasNot: ['[PENDING]'], has: ['[special:fleecing]'] }));

  test('a snapshot that is only named by parent is offered', () =>
    checkCompletion(vmConf, 'parent: before\n[¦', { has: ['[before]'] }));

  test('nothing in unknown sections', () => checkCompletion(vmConf, '[1bad]\n¦\n', { count: 0 }));

  test('pending offers delete, what it may change, and indexes that the main section does not use', () =>
    checkCompletion(vmConf, 'hostpci0: 01:00\nbios: ovmf\n[PENDING]\n¦', {
      has: ['delete', 'hostpci0', 'hostpci1', 'bios'],
    }));

  test('delete names keys of the main section', () =>
    checkCompletion(vmConf, 'hostpci0: 01:00\nbios: ovmf\n[PENDING]\ndelete: bios,¦', {
      has: [{ label: 'hostpci0', resultText: 'hostpci0: 01:00\nbios: ovmf\n[PENDING]\ndelete: bios,hostpci0' }],
      hasNot: ['bios'],
    }));

  test('a snapshot has its own keys', () =>
    checkCompletion(vmConf, 'bios: ovmf\n[before]\n¦', { has: ['bios', 'snapstate', 'snaptime'], hasNot: ['delete'] }));

  test('cloud-init state', () =>
    checkCompletion(vmConf, '[special:cloudinit]\nciuser: a\n¦', { has: ['sshkeys'], hasNot: ['ciuser', 'hostpci0'] }));

  test('fleecing has one key', () => checkCompletion(vmConf, '[special:fleecing]\n¦', { order: ['fleecing-images'] }));
});

suite('VM conf: completion of values', () => {
  test('an enum, what to choose first', () =>
    checkCompletion(vmConf, 'scsihw: ¦', {
      order: ['virtio-scsi-single', 'virtio-scsi-pci', 'lsi', 'lsi53c810', 'megasas', 'pvscsi'],
    }));

  test('the default is named', () =>
    checkCompletion(vmConf, 'bios: ¦', { has: [{ label: 'seabios', detail: 'default' }] }));

  test('right behind the colon a blank is added', () =>
    checkCompletion(vmConf, 'bios:¦', { has: [{ label: 'ovmf', resultText: 'bios: ovmf' }] }));

  test('in the middle of a value', () =>
    checkCompletion(vmConf, 'bios: se¦abios\n', { has: [{ label: 'ovmf', resultText: 'bios: ovmf\n' }] }));

  test('a value before a carriage return', () =>
    checkCompletion(vmConf, 'bios: ¦\r\n', { has: [{ label: 'ovmf', resultText: 'bios: ovmf\r\n' }] }));

  test('booleans', () =>
    checkCompletion(vmConf, 'onboot: ¦', { order: ['1', '0'], has: [{ label: '0', detail: /default/ }] }));

  test('sizes of memory that people choose', () => checkCompletion(vmConf, 'memory: ¦', { has: ['8192'] }));

  test('items of a list', () =>
    checkCompletion(vmConf, 'hotplug: disk,¦', {
      has: [{ label: 'network', resultText: 'hotplug: disk,network' }],
      hasNot: ['disk'],
    }));

  test('parts of startup', () =>
    checkCompletion(vmConf, 'startup: order=1,¦', {
      order: ['up', 'down'],
      has: [{ label: 'up', resultText: 'startup: order=1,up=' }],
    }));

  test('a generation id is a fresh UUID', () => {
    const found = checkCompletion(vmConf, 'vmgenid: ¦', { has: ['1', '0'] });
    assert.ok(found.some(one => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one.label)));
  });

  test('an smbios UUID', () => {
    const found = checkCompletion(vmConf, 'smbios1: uuid=¦', { count: 1 });
    assert.match(found[0]?.label ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('snapshots for parent, but not the section itself', () => {
    checkCompletion(vmConf, 'parent: ¦\n[one]\n[two]\n', { order: ['one', 'two'] });
    checkCompletion(vmConf, '[one]\nparent: ¦\n[two]\n', { order: ['two'] });
  });

  test('tags of the other VMs', () =>
    checkCompletion(
      vmConf,
      `--- etc/pve/nodes/pve1/qemu-server/100.conf
tags: gpu;¦
--- etc/pve/nodes/pve1/qemu-server/101.conf
tags: gpu;production
--- etc/pve/nodes/pve1/qemu-server/102.conf
tags: production;test
`,
      { order: ['production', 'test'] },
    ));

  test('disks and other devices to boot from, those that the list lacks', () =>
    checkCompletion(
      vmConf,
      'boot: order=scsi0;¦\nscsi0: local-lvm:vm-100-disk-0\nide2: none,media=cdrom\nnet0: virtio\nhostpci0: 01:00\nefidisk0: local-lvm:vm-100-disk-1\n',
      { order: ['ide2', 'hostpci0', 'net0'] },
    ));

  test('what boot asks first', () =>
    checkCompletion(vmConf, 'boot: ¦', { has: [{ label: 'order', resultText: 'boot: order=' }] }));
});

suite('VM conf: completion of machine and CPU', () => {
  test('machine types up to the QEMU of the host, newest first', () => {
    const found = checkCompletion(
      vmConf,
      'machine: ¦',
      { has: ['q35', 'pc', 'pc-q35-9.2+pve1', 'pc-i440fx-8.1'], hasNot: ['pc-q35-10.0'] },
      host,
    );
    const types = found.filter(one => one.label.startsWith('pc-q35')).map(one => one.label);
    assert.deepEqual(types.slice(0, 2), ['pc-q35-9.2+pve1', 'pc-q35-9.2']);
  });

  test('without a host every known version', () =>
    checkCompletion(vmConf, 'machine: type=¦', { has: ['pc-q35-11.0+pve2'] }));

  test('sub-properties behind the type', () =>
    checkCompletion(vmConf, 'machine: q35,¦', {
      has: [{ label: 'viommu', resultText: 'machine: q35,viommu=' }],
      hasNot: ['type'],
    }));

  test('CPU models, what to choose first', () => {
    const found = checkCompletion(vmConf, 'cpu: ¦', {
      has: ['host', 'EPYC-Rome', 'x86-64-v3'],
      hasNot: ['cortex-a72'],
    });
    const first = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))[0];
    assert.equal(first?.label, 'host');
  });

  test('a model that the host is too old for says so', () =>
    checkCompletion(vmConf, 'cpu: ¦', { has: [{ label: 'EPYC-Turin', detail: /since qemu-server 9\.1\.4/ }] }, host));

  test('ARM models for ARM', () =>
    checkCompletion(vmConf, 'arch: aarch64\ncpu: ¦', { has: ['cortex-a72'], hasNot: ['kvm64'] }));

  test('custom models of the cluster', () =>
    checkCompletion(
      vmConf,
      'cpu: ¦',
      { has: ['custom-lab'] },
      {
        host: {
          ...smallHost,
          files: new Map([
            [
              '/etc/pve/virtual-guest/cpu-models.conf',
              { text: 'cpu-model: lab\n    flags +avx\n', modifiedAt: undefined },
            ],
          ]),
        },
      },
    ));

  test('flags with a sign, without those that are there', () =>
    checkCompletion(vmConf, 'cpu: host,flags=+pcid;-¦', {
      has: [{ label: '-md-clear', resultText: 'cpu: host,flags=+pcid;-md-clear' }],
      hasNot: ['-pcid', '+pcid', '+aes'],
    }));
});

suite('VM conf: completion of networks and volumes', () => {
  test('models with a fresh MAC address first', () => {
    const found = checkCompletion(vmConf, 'net0: ¦', { has: ['virtio', 'model'], hasNot: ['bridge'] }, host);
    const models = found.filter(one => one.label === 'virtio');
    assert.equal(models.length, 1, 'a model without an address would get another one at every start');
    assert.match(models[0]?.insert ?? '', /^virtio=BC:24:11(:[0-9A-F]{2}){3}$/);
  });

  test('what is left after model and bridge', () =>
    checkCompletion(vmConf, 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,¦', {
      has: [{ label: 'firewall', resultText: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1' }],
      hasNot: ['bridge', 'model', 'macaddr', 'e1000', 'virtio'],
    }));

  test('bridges of the host', () =>
    checkCompletion(
      vmConf,
      'net0: virtio,bridge=¦',
      { order: ['vmbr0', 'vmbr1'], has: [{ label: 'vmbr0', detail: 'eno1' }] },
      host,
    ));

  test('a fresh MAC address as a value', () => checkCompletion(vmConf, 'net0: model=virtio,macaddr=¦', { count: 1 }));

  test('volumes of this VM that nothing uses, then storages', () =>
    checkCompletion(
      vmConf,
      'scsi0: local-lvm:vm-100-disk-0\nscsi1: ¦\n',
      {
        has: ['local-lvm:vm-100-disk-1', 'local-lvm:'],
        hasNot: ['local-lvm:vm-100-disk-0', 'local-lvm:vm-101-disk-0', 'local:'],
      },
      host,
    ));

  test('ISO images for a CD-ROM drive', () =>
    checkCompletion(
      vmConf,
      'ide2: ¦',
      { has: [{ label: 'local:iso/debian-12.iso', resultText: 'ide2: local:iso/debian-12.iso,media=cdrom' }] },
      host,
    ));

  test('a half-written image still makes the drive a CD-ROM', () =>
    checkCompletion(
      vmConf,
      'sata1: local:iso/deb¦',
      { has: [{ label: 'local:iso/debian-12.iso', resultText: 'sata1: local:iso/debian-12.iso,media=cdrom' }] },
      host,
    ));

  test('only ISO images once it is a CD-ROM drive', () =>
    checkCompletion(
      vmConf,
      'ide2: ¦,media=cdrom',
      {
        has: [{ label: 'local:iso/virtio-win.iso', resultText: 'ide2: local:iso/virtio-win.iso,media=cdrom' }, 'none'],
        hasNot: ['local-lvm:vm-100-disk-0', 'media'],
      },
      host,
    ));

  test('storages of storage.cfg where no host is known', () =>
    checkCompletion(
      vmConf,
      `--- etc/pve/nodes/pve1/qemu-server/100.conf
scsi0: ¦
--- etc/pve/storage.cfg
dir: local
	path /var/lib/vz
	content iso,vztmpl

zfspool: fast
	pool rpool/data
	content images,rootdir

`,
      { has: ['fast:'], hasNot: ['local:'] },
    ));

  test('scripts for a hook', () => checkCompletion(vmConf, 'hookscript: ¦', { has: ['local:snippets/hook.pl'] }, host));

  test('booleans are written with the value that changes something', () =>
    checkCompletion(vmConf, 'scsi0: local-lvm:vm-100-disk-0,¦', {
      has: [
        { label: 'backup', resultText: 'scsi0: local-lvm:vm-100-disk-0,backup=0' },
        { label: 'iothread', resultText: 'scsi0: local-lvm:vm-100-disk-0,iothread=1' },
        { label: 'discard', resultText: 'scsi0: local-lvm:vm-100-disk-0,discard=on' },
      ],
      hasNot: ['file', 'volume', 'bps_rd_length'],
    }));
});
