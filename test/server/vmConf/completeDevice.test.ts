import assert from 'node:assert/strict';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { checkCompletion } from '../../support/check.ts';
import { smallHost } from './smallHost.ts';

const host = { host: smallHost };

suite('VM conf: completion of devices', () => {
  test('each function, and each card with several as a whole', () =>
    checkCompletion(
      vmConf,
      'hostpci0: ¦\n',
      {
        has: [
          {
            label: '0000:01:00',
            kind: 'device',
            detail: 'all functions · group 14 · nouveau',
            note: 'GeForce GTX 1060 6GB',
            resultText: 'hostpci0: 0000:01:00\n',
          },
          { label: '0000:01:00.1', detail: 'group 14 · snd_hda_intel', note: /High Definition Audio/ },
          '0000:00:02.0',
        ],
      },
      host,
    ));

  test('bridges and whole cards of one function are left out, and slots of VFs', () =>
    checkCompletion(
      vmConf,
      'hostpci0: ¦\n',
      { has: ['0000:03:10.0'], hasNot: ['0000:00:00.0', '0000:00:01.0', '0000:00:02', '0000:03:10'] },
      host,
    ));

  test('what the host needs comes last and says so', () => {
    const found = checkCompletion(
      vmConf,
      'hostpci0: ¦',
      { has: [{ label: '0000:02:00.0', detail: 'group 15 · nvme · host: disk of the host (rpool)' }] },
      host,
    );
    const devices = found.filter(one => one.kind === 'device');
    const last = devices.sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1)).at(-1);
    assert.equal(last?.label, '0000:02:00.0');
  });

  test('what another entry of the VM has says so', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 01:00\nhostpci1: ¦\n',
      { has: [{ label: '0000:01:00.1', detail: /already hostpci0/ }, '0000:00:02.0'] },
      host,
    ));

  test('a half-written address is replaced', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 01:0¦,pcie=1',
      { has: [{ label: '0000:01:00.0', resultText: 'hostpci0: 0000:01:00.0,pcie=1' }] },
      host,
    ));

  test('with host= in front', () =>
    checkCompletion(
      vmConf,
      'hostpci0: host=¦,pcie=1',
      { has: [{ label: '0000:01:00', resultText: 'hostpci0: host=0000:01:00,pcie=1' }], hasNot: ['mapping'] },
      host,
    ));

  test('a further item of a list', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 0000:01:00.0;¦',
      { has: [{ label: '0000:01:00.1', resultText: 'hostpci0: 0000:01:00.0;0000:01:00.1' }], hasNot: ['0000:01:00.0'] },
      host,
    ));

  test('the filter finds a device by its name and its short address', () => {
    const found = checkCompletion(vmConf, 'hostpci0: ¦', { has: ['0000:01:00.0'] }, host);
    assert.match(found.find(one => one.label === '0000:01:00.0')?.filter ?? '', /01:00\.0 NVIDIA.*GeForce/);
  });

  test('nothing is said of devices where no host is known, sub-properties are', () =>
    checkCompletion(vmConf, 'hostpci0: ¦', { has: ['mapping', 'host'], hasNot: ['0000:01:00'] }));

  test('pcie=1 comes first with q35', () => {
    const found = checkCompletion(
      vmConf,
      'machine: q35\nhostpci0: 0000:01:00,¦\n',
      {
        has: [{ label: 'pcie', resultText: 'machine: q35\nhostpci0: 0000:01:00,pcie=1\n' }],
        hasNot: ['host', 'mapping'],
      },
      host,
    );
    const sorted = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1));
    assert.equal(sorted[0]?.label, 'pcie');
  });

  test('without q35 it is told what is missing', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 0000:01:00,¦',
      { has: [{ label: 'pcie', detail: 'needs machine: q35' }] },
      host,
    ));

  test('the snapshot section has its own machine type', () =>
    checkCompletion(vmConf, 'machine: q35\n[old]\nmachine: pc\nhostpci0: 0000:01:00,¦', {
      has: [{ label: 'pcie', detail: 'needs machine: q35' }],
    }));

  test('with a blank behind the comma', () =>
    checkCompletion(vmConf, 'machine: q35\nhostpci0: 01:00, ¦', {
      has: [{ label: 'pcie', resultText: 'machine: q35\nhostpci0: 01:00,pcie=1' }],
    }));

  test('a name before its equals sign', () =>
    checkCompletion(vmConf, 'hostpci0: 01:00,pc¦ie=1', {
      has: [{ label: 'x-vga', resultText: 'hostpci0: 01:00,x-vga=1' }, 'pcie'],
      hasNot: ['host'],
    }));

  test('what the device in the entry cannot do says so', () => {
    checkCompletion(vmConf, 'hostpci0: 02:00.0,¦', { has: [{ label: 'x-vga', detail: 'no display device' }] }, host);
    checkCompletion(
      vmConf,
      'hostpci0: 01:00,¦',
      {
        has: [
          { label: 'x-vga', detail: 'boolean' },
          { label: 'legacy-igd', detail: 'only for an Intel iGPU' },
        ],
      },
      host,
    );
  });

  test('a boolean value', () => checkCompletion(vmConf, 'hostpci0: 01:00,pcie=¦', { order: ['1', '0'] }));

  test('types of mediated devices of the function in the entry, used-up ones last', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 0000:00:02.0,mdev=¦',
      {
        order: ['i915-GVTg_V5_4', 'i915-GVTg_V5_8'],
        has: [{ label: 'i915-GVTg_V5_4', detail: '1 free', note: 'GVTg_V5_4' }],
      },
      host,
    ));

  test('ROM files of the host, broken ones last', () =>
    checkCompletion(vmConf, 'hostpci0: 01:00,romfile=¦', { order: ['gpu.rom', 'broken.rom'] }, host));

  test('the real id for an override', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 01:00,vendor-id=¦',
      { has: [{ label: '0x10de', resultText: 'hostpci0: 01:00,vendor-id=0x10de' }] },
      host,
    ));

  test('a sub-property that the host is too old for says so', () =>
    checkCompletion(
      vmConf,
      'hostpci0: 01:00,¦',
      { has: [{ label: 'driver', detail: /since qemu-server 9\.0\.25/ }] },
      host,
    ));

  test('in a CRLF file', () =>
    checkCompletion(
      vmConf,
      'machine: q35\r\nhostpci0: 0000:01:00,¦\r\nbios: ovmf\r\n',
      { has: [{ label: 'pcie', resultText: 'machine: q35\r\nhostpci0: 0000:01:00,pcie=1\r\nbios: ovmf\r\n' }] },
      host,
    ));
});

suite('VM conf: completion of mappings', () => {
  const cluster = `--- etc/pve/mapping/pci.cfg
gpu
	description the big card
	map id=10de:1c03,iommugroup=14,node=pve1,path=0000:01:00
	map id=10de:1c03,iommugroup=9,node=pve2,path=0000:41:00

elsewhere
	map id=8086:56a5,node=pve2,path=0000:03:00.0

igpu
	map id=8086:4680,node=pve1,path=0000:00:02.0

--- etc/pve/mapping/usb.cfg
keyboard
	map id=046d:c52b,node=pve1

--- etc/pve/mapping/directory.cfg
media
	map node=pve1,path=/srv/media

--- etc/pve/nodes/pve1/qemu-server/100.conf
`;

  test('mappings of the cluster, those of other nodes last', () =>
    checkCompletion(
      vmConf,
      `${cluster}hostpci0: mapping=¦`,
      {
        order: ['gpu', 'igpu', 'elsewhere'],
        has: [{ label: 'gpu', detail: '0000:01:00', note: 'the big card', resultText: 'hostpci0: mapping=gpu' }],
      },
      host,
    ));

  test('beside the addresses', () =>
    checkCompletion(
      vmConf,
      `${cluster}hostpci0:¦`,
      { has: [{ label: 'mapping=gpu', resultText: 'hostpci0: mapping=gpu' }, '0000:01:00'] },
      host,
    ));

  test('mdev types through a mapping', () =>
    checkCompletion(vmConf, `${cluster}hostpci0: mapping=igpu,mdev=¦`, { has: ['i915-GVTg_V5_4'] }, host));

  test('USB and directory mappings in their places', () => {
    checkCompletion(vmConf, `${cluster}usb0: mapping=¦`, { order: ['keyboard'] }, host);
    checkCompletion(vmConf, `${cluster}virtiofs0: ¦`, { has: ['media'], hasNot: ['gpu'] }, host);
  });
});

suite('VM conf: completion in a large file', () => {
  test('of 15,000 lines', () => {
    const snapshots = Array.from(
      { length: 300 },
      (_, at) => `[snap${at}]\n${Array.from({ length: 49 }, (_, line) => `# line ${line}`).join('\n')}\n`,
    ).join('');
    const text = `machine: q35\nhostpci0: 0000:01:00,¦\n${snapshots}`;
    checkCompletion(vmConf, text, { has: ['pcie'] }, host);
  });
});
