import assert from 'node:assert/strict';
import { ctConf as typed } from '../../../server/languages/ctConf/ctConf.ts';
import type { Language } from '../../../server/languages/language.ts';
import { checkCompletion } from '../../support/check.ts';

const ctConf: Language = typed;
const host = { host: true } as const;

suite('containers: completion', () => {
  test('keys: what is missing, the next free member of a family, and keys for LXC', () => {
    checkCompletion(ctConf, 'dev0: /dev/kfd\ncores: 2\n¦', {
      has: [
        { label: 'dev1', detail: 'property string', resultText: 'dev0: /dev/kfd\ncores: 2\ndev1: ' },
        'memory',
        'lxc.mount.entry',
        'lxc.cgroup2.devices.allow',
        '[pve:pending]',
      ],
      hasNot: ['dev0', 'cores', 'delete'],
    });
    checkCompletion(ctConf, 'lxc.mo¦', { has: [{ label: 'lxc.mount.auto', resultText: 'lxc.mount.auto: ' }] });
  });

  test('a key that has its value is replaced alone', () => {
    checkCompletion(ctConf, 'mem¦ory: 512\n', {
      has: [
        { label: 'memory', resultText: 'memory: 512\n' },
        { label: 'swap', resultText: 'swap: 512\n' },
      ],
    });
  });

  test('sections', () => {
    checkCompletion(ctConf, 'cores: 2\n[¦', {
      has: [{ label: '[pve:pending]', resultText: 'cores: 2\n[pve:pending]' }],
    });
    checkCompletion(ctConf, '[pve:pending]\n[¦', { count: 0 });
    checkCompletion(ctConf, 'cores: 2\nswap: 1\n[pve:pending]\ndelete: cores,¦', { has: ['swap'], hasNot: ['cores'] });
    checkCompletion(ctConf, '[pve:pending]\n¦', { has: ['delete'] });
  });

  test('devices: nodes of the host with the card behind each', () => {
    checkCompletion(
      ctConf,
      'dev0: ¦',
      {
        has: [
          { label: '/dev/dri/renderD129', note: 'GeForce RTX 3050 6GB', resultText: 'dev0: /dev/dri/renderD129' },
          'gid',
          'mode',
        ],
      },
      host,
    );
    checkCompletion(ctConf, 'dev0:¦', { has: [{ label: '/dev/dri/card0', resultText: 'dev0: /dev/dri/card0' }] }, host);
    checkCompletion(
      ctConf,
      'dev0: path=/dev/dri/c¦,gid=44',
      { has: [{ label: '/dev/dri/card1', resultText: 'dev0: path=/dev/dri/card1,gid=44' }] },
      host,
    );
    checkCompletion(
      ctConf,
      'dev0: /dev/kfd,¦',
      {
        has: [
          { label: 'gid', resultText: 'dev0: /dev/kfd,gid=' },
          { label: 'deny-write', resultText: 'dev0: /dev/kfd,deny-write=1' },
        ],
        hasNot: ['path', '/dev/dri/card0'],
      },
      host,
    );
    checkCompletion(ctConf, 'dev0: /dev/kfd,gid=¦', { has: ['104', '44'] });
  });

  test('sub-properties in the order in which people write them', () => {
    checkCompletion(ctConf, 'dev0: /dev/kfd,¦', { order: ['gid', 'uid', 'mode', 'deny-write'] });
    const first = (text: string): readonly string[] =>
      [...checkCompletion(ctConf, text, {})]
        .sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))
        .slice(0, 3)
        .map(one => one.label);
    assert.deepEqual(first('net0: ¦'), ['name', 'bridge', 'firewall']);
    assert.deepEqual(first('features: ¦'), ['nesting', 'keyctl', 'fuse']);
  });

  test('devices for LXC: mounts and device rules made of the nodes of the host', () => {
    checkCompletion(
      ctConf,
      'lxc.mount.entry: ¦',
      {
        has: [
          { label: '/dev/dri/renderD128 dev/dri/renderD128 none bind,optional,create=file 0 0', note: /UHD Graphics/ },
          '/dev/dri dev/dri none bind,optional,create=dir 0 0',
        ],
      },
      host,
    );
    checkCompletion(
      ctConf,
      'lxc.cgroup2.devices.allow = ¦',
      { has: ['c 226:128 rwm', { label: 'c 226:* rwm', detail: 'all of /dev/dri' }] },
      host,
    );
    checkCompletion(ctConf, 'lxc.cgroup2.devices.allow = ¦', { count: 0 });
    checkCompletion(ctConf, 'lxc.apparmor.profile:¦', {
      has: [{ label: 'unconfined', resultText: 'lxc.apparmor.profile: unconfined' }],
    });
  });

  test('sub-properties that are missing, with the ones that are needed first', () => {
    checkCompletion(ctConf, 'net0: bridge=vmbr0,¦', {
      has: [{ label: 'name', detail: 'needed' }, 'ip', 'hwaddr'],
      hasNot: ['bridge'],
    });
    checkCompletion(ctConf, 'features: ¦', { has: [{ label: 'nesting', resultText: 'features: nesting=1' }] });
    checkCompletion(ctConf, 'mp0: /srv,n¦=/x', { has: [{ label: 'mp', resultText: 'mp0: /srv,mp=/x' }] });
  });

  test('values from the schema, the host and the files around', () => {
    checkCompletion(ctConf, 'ostype: ¦', {
      has: ['debian', 'alpine', { label: 'unmanaged', resultText: 'ostype: unmanaged' }],
    });
    checkCompletion(ctConf, 'arch:¦', { has: [{ label: 'amd64', detail: 'default', resultText: 'arch: amd64' }] });
    checkCompletion(ctConf, 'onboot: ¦1', { order: ['1', '0'] });
    checkCompletion(ctConf, 'net0: name=¦', { order: ['eth0'] });
    checkCompletion(ctConf, 'net3: name=eth3,bridge=¦', { has: ['vmbr0'] }, host);
    checkCompletion(ctConf, 'net0: name=eth0,ip=¦', { has: ['dhcp', 'manual'] });
    checkCompletion(ctConf, 'net0: name=eth0,hwaddr=¦', { count: 1 });
    checkCompletion(ctConf, 'rootfs: local-lvm:x,mountoptions=¦', { has: ['noatime'] });
  });

  test('volumes: of this container, and storages that can hold one', () => {
    const site =
      '--- etc/pve/nodes/pve1/lxc/102.conf\nmp0: ¦\n--- etc/pve/storage.cfg\nzfspool: tank\n\tpool tank\n\nnfs: nas\n\tserver x\n';
    checkCompletion(
      ctConf,
      site,
      {
        has: ['local-lvm:vm-102-disk-0', 'local-lvm:', { label: 'tank:', detail: 'zfspool' }],
        hasNot: ['nas:', 'local:', 'local-lvm:vm-101-disk-0'],
      },
      host,
    );
  });

  test('notes are left alone', () => {
    checkCompletion(ctConf, '# ¦', { count: 0 }, host);
    checkCompletion(ctConf, 'nosuch: ¦', { count: 0 }, host);
  });
});
