import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { checkHover } from '../../support/check.ts';
import { smallHost } from './smallHost.ts';

const host = { host: smallHost };

suite('VM conf: hover', () => {
  test('a key: kind, text, sub-properties, effect, example, link', () =>
    checkHover(vmConf, '«host¦pci0»: 01:00', [
      /^\*\*`hostpci0`\*\* · property string/,
      'IOMMU group',
      '`x-vga`',
      '*Effect:* Counts from the next cold start',
      '```pve-vm-conf\nhostpci0: 0000:01:00,pcie=1',
      'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_pci_passthrough_vm_config',
    ]));

  test('a key with default and limits', () =>
    checkHover(vmConf, '«cpu¦limit»: 2', [/\*\*`cpulimit`\*\* · number · default `0` · 0–128/]));

  test('since when', () => {
    checkHover(vmConf, 'virtio¦fs0: media', [/since qemu-server 8\.3\.11/]);
    checkHover(vmConf, 'intel-¦tdx: tdx', [/since qemu-server 9\.0\.25, this host has 8\.4\.1/], host);
    checkHover(vmConf, 'us¦b7: spice', [/since qemu-server 7\.2-7/]);
  });

  test('a sub-property', () =>
    checkHover(vmConf, 'hostpci0: 01:00,«pc¦ie»=1', [/^\*\*`pcie`\*\* · boolean · default `0`/, 'q35']));

  test('a sub-property with a list', () =>
    checkHover(vmConf, 'hostpci0: 01:00,dri¦ver=keep', [
      '- `vfio` Binds',
      '- `keep` Leaves',
      'since qemu-server 9.0.25',
    ]));

  test('an alias tells what it is stored as', () => {
    checkHover(vmConf, 'scsi0: vol¦ume=local:1', ['Stored as `file`']);
    checkHover(vmConf, 'net0: «vir¦tio»=BC:24:11:00:00:01', ['`virtio=…` sets `model` and `macaddr`']);
  });

  test('one value', () => {
    checkHover(vmConf, 'bios: «ov¦mf»', [/^\*\*`ovmf`\*\*\n\nUEFI/, 'efidisk0']);
    checkHover(vmConf, 'bios: «sea¦bios»', [/^\*\*`seabios`\*\* · the default/]);
    checkHover(vmConf, 'vga: «vir¦tio-gl»', [/since qemu-server 7\.1-5/]);
    checkHover(vmConf, 'cpu: «x86-64-v3¦»', [/AVX2/]);
    checkHover(vmConf, 'cpu: host,flags=+aes;«+pc¦id»', [/Meltdown/]);
    checkHover(vmConf, 'hostpci0: 01:00,pcie=«¦1»', [/On\./]);
    checkHover(vmConf, 'hotplug: disk,«us¦b»', [/USB devices can be added/]);
  });

  test('a value that means nothing by itself says what belongs there', () =>
    checkHover(vmConf, 'net0: virtio,tag=«2¦0»', [/\*\*`tag`\*\* · integer · 1–4094/]));

  test('headers', () => {
    checkHover(vmConf, '«[PEND¦ING]»\n', ['next cold start']);
    checkHover(vmConf, '«[be¦fore]»\n', ['rollback']);
    checkHover(vmConf, '[1¦x]\n', ['ignores everything']);
    checkHover(vmConf, '[special:cloud¦init]\n', ['cloud-init']);
  });

  test('keys of single sections', () => {
    checkHover(vmConf, '[PENDING]\n«dele¦te»: bios', ['removed']);
    checkHover(vmConf, '[s1]\n«snap¦state»: delete', ['not finished']);
    checkHover(vmConf, '[s1]\nsnapstate: «del¦ete»', ['being deleted']);
    checkHover(vmConf, '[special:fleecing]\n«fleecing-im¦ages»: a:b', ['backup']);
  });

  test('nothing on comments, blanks, unknown keys and in unknown sections', () => {
    checkHover(vmConf, '# host¦pci0: x', undefined);
    checkHover(vmConf, '¦', undefined);
    checkHover(vmConf, 'no¦such: x', undefined);
    checkHover(vmConf, '[1x]\nbio¦s: ovmf', undefined);
    checkHover(vmConf, 'bios: ¦', undefined);
  });

  test('in a CRLF file', () => checkHover(vmConf, 'bios: «ov¦mf»\r\n', ['UEFI']));
});

suite('VM conf: hover on what the host has', () => {
  test('an address shows the device', () =>
    checkHover(
      vmConf,
      'hostpci0: «01:00¦.0»,pcie=1',
      [
        '**NVIDIA Corporation GP106 \\[GeForce GTX 1060 6GB\\]**',
        '`0000:01:00.0` · VGA compatible controller (0300) · `10de:1c03` · subsystem `1458:3716`',
        'Driver now: `nouveau`',
        'IOMMU group 14, shared with `01:00.1` GP106 High Definition Audio Controller',
        'Reset: flr, bus',
        'Memory windows: 256 MiB',
      ],
      host,
    ));

  test('an address without function shows all of them', () =>
    checkHover(vmConf, 'hostpci0: host=«01¦:00»', ['GeForce', 'Together with\n- `0000:01:00.1`'], host));

  test('what the host needs', () =>
    checkHover(vmConf, 'hostpci0: 02:0¦0.0', ['**The host needs it:** disk of the host (rpool)'], host));

  test('a VF names its PF', () =>
    checkHover(vmConf, 'hostpci0: 03:10¦.0', ['Virtual function of `0000:03:00.0`'], host));

  test('a device that is not there, and no host at all', () => {
    checkHover(vmConf, 'hostpci0: 0a:0¦0.0', ['`0000:0a:00.0` **is not on this host** (pve1)'], host);
    checkHover(vmConf, 'hostpci0: 0a:0¦0', ['nothing is known of the host']);
  });

  test('a mapping with its nodes and the device here', () =>
    checkHover(
      vmConf,
      `--- etc/pve/mapping/pci.cfg
gpu
	description the *big* card
	map id=10de:1c03,iommugroup=14,node=pve1,path=0000:01:00
	map id=10de:1c03,iommugroup=9,node=pve2,path=0000:41:00

--- etc/pve/nodes/pve1/qemu-server/100.conf
hostpci0: mapping=«gp¦u»,pcie=1
`,
      ['the \\*big\\* card', '- pve2: `0000:41:00`', 'GeForce'],
      host,
    ));

  test('volumes, bridges, sizes, times, boot devices, types', () => {
    checkHover(
      vmConf,
      'scsi0: «local-lvm:vm-100-¦disk-0»,size=32G',
      ['on storage **local-lvm**', 'lvmthin · images'],
      host,
    );
    checkHover(vmConf, 'scsi0: local-lvm:vm-9-¦disk-0', ['lists no such volume'], host);
    checkHover(vmConf, 'scsi0: nosuch:vm-9-¦disk-0', ['No such storage'], host);
    checkHover(vmConf, 'net0: virtio,bridge=vm¦br0', ['Bridge `vmbr0` with `eno1`'], host);
    checkHover(vmConf, 'memory: 16¦384', ['16 GiB of memory; the host has 64 GiB'], host);
    checkHover(vmConf, '[s1]\nsnaptime: 17356¦89600', ['2025-01-01 00:00:00 UTC']);
    checkHover(vmConf, 'boot: order=«scs¦i0»;net0\nscsi0: local:1\n', ['scsi0: local:1']);
    checkHover(vmConf, 'boot: order=scsi0;ne¦t0\nscsi0: local:1\n', ['is not a device of this VM']);
    checkHover(vmConf, 'hostpci0: 00:02.0,mdev=i915-GVTg¦_V5_4', ['low\\_gm\\_size', '1 more'], host);
  });

  test('text of the host cannot make Markdown', () => {
    const functions = smallHost.functions.map(fn =>
      fn.address === '0000:01:00.0' ? { ...fn, deviceName: '<img src=x> [a](http://b) `c` **d**\n# e' } : fn,
    );
    checkHover(vmConf, 'hostpci0: 01:0¦0.0', ['\\<img src=x\\> \\[a\\](http\\://b) \\`c\\` \\*\\*d\\*\\* \\# e'], {
      host: { ...smallHost, functions },
    });
  });
});
