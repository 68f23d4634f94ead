import assert from 'node:assert/strict';
import { ctConf as typed } from '../../../server/languages/ctConf/ctConf.ts';
import type { Language } from '../../../server/languages/language.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines, textOf } from '../../../server/text/lines.ts';
import { around, checkHover, openSite } from '../../support/check.ts';

const ctConf: Language = typed;
const host = { host: true } as const;
const text =
  '#a\n#b\ndev0: /dev/dri/renderD129,gid=104\nrootfs: local-lvm:vm-200-disk-0,size=8G\nparent: before\n\n[before]\nrootfs: local-lvm:vm-200-disk-0,size=4G\n\n';
const open = (content: string) => openSite(content, { language: ctConf, ...host });

suite('containers: hover', () => {
  test('keys, with type, default and effect', () => {
    checkHover(ctConf, '«sw¦ap»: 512\n', [/Swap limit/, /default `512`/, /next start/]);
    checkHover(ctConf, '«de¦v0»: /dev/kfd\n', [/device node/, /Example: `dev0:/]);
    checkHover(ctConf, 'nosuch¦: 1\n', undefined);
  });

  test('sub-properties by name, and the value without one', () => {
    checkHover(ctConf, 'dev0: /dev/kfd,«gi¦d»=104\n', [/group/i]);
    checkHover(ctConf, 'dev0: «/dev/¦kfd»,gid=104\n', [/\*\*path\*\*/]);
    checkHover(ctConf, 'lock: «bac¦kup»\n', [/backup runs/]);
  });

  test('a device rule shows the nodes that it is about', () => {
    checkHover(ctConf, 'lxc.cgroup2.devices.allow: «c 226:1¦29 rwm»\n', [/`\/dev\/dri\/renderD129` .*RTX 3050/], host);
    checkHover(ctConf, 'lxc.cgroup2.devices.allow: «c 226:¦* rwm»\n', [/renderD128/, /card1/], host);
    checkHover(ctConf, 'lxc.cgroup2.devices.allow: c 10:2¦00 rwm\n', undefined, host);
  });

  test('a device node shows the card behind it, in devN and in a mount', () => {
    checkHover(ctConf, 'dev0: «/dev/dri/ren¦derD129»,gid=104\n', [/RTX 3050/], host);
    checkHover(ctConf, 'lxc.mount.entry: «/dev/dri/car¦d0» dev/dri/card0 none bind 0 0\n', [/UHD Graphics 630/], host);
  });

  test('keys for LXC: their own text, that of their start, and that of the new name', () => {
    checkHover(ctConf, '«lxc.mount.en¦try»: x\n', [/create=file/]);
    checkHover(ctConf, '«lxc.cgroup2.pids¦.max»: 1\n', [/control group/]);
    checkHover(ctConf, '«lxc.aa_pro¦file»: x\n', [/Now called `lxc.apparmor.profile`/, /AppArmor/]);
    checkHover(ctConf, 'lxc.nosuch¦: x\n', undefined);
  });

  test('sections', () => {
    checkHover(ctConf, '[«be¦fore»]\n', [/snapshot/]);
    checkHover(ctConf, '[«pve:pen¦ding»]\n', [/wait/]);
  });
});

suite('containers: outline', () => {
  test('symbols: lines of the main section, and snapshots with theirs', () => {
    assert.deepEqual(
      ctConf.symbols?.(open(text).file).map(({ name, kind, children }) => [name, kind, children?.map(one => one.name)]),
      [
        ['dev0', 'device', undefined],
        ['rootfs', 'key', undefined],
        ['parent', 'key', undefined],
        ['before', 'section', ['rootfs']],
      ],
    );
  });

  test('folds: notes and sections', () => {
    assert.deepEqual(ctConf.folds?.(open(text).file), [
      { from: 6, to: 7 },
      { from: 0, to: 1, kind: 'comment' },
    ]);
  });

  test('names: snapshots within the file, storages in the cluster', () => {
    assert.deepEqual(
      ctConf
        .names?.(open(text).file)
        .map(({ kind, name, role, scope, span }) => [
          kind,
          name,
          role,
          scope,
          `${span.line}:${span.start}-${span.end}`,
        ]),
      [
        ['storage', 'local-lvm', 'use', 'cluster', '3:8-17'],
        ['snapshot', 'before', 'use', 'file', '4:8-14'],
        ['snapshot', 'before', 'definition', 'file', '6:1-7'],
        ['storage', 'local-lvm', 'use', 'cluster', '7:8-17'],
      ],
    );
  });

  test('hints: the card behind each node', () => {
    const site = open(text);
    assert.deepEqual(ctConf.hints?.(site.file, around(site)), [
      { at: { line: 2, column: 25 }, label: 'GeForce RTX 3050 6GB' },
    ]);
    const unknown = openSite(text, { language: ctConf });
    assert.deepEqual(ctConf.hints?.(unknown.file, around(unknown)), []);
  });

  test('selections grow from the word to the section', () => {
    const { file } = open(text);
    assert.deepEqual(
      ctConf
        .selections?.(file, { line: 2, column: 28 })
        .map(span => (textOf(file.lines, span).split('\n').length === 1 ? textOf(file.lines, span) : '…')),
      ['gid', 'gid=104', '/dev/dri/renderD129,gid=104', 'dev0: /dev/dri/renderD129,gid=104', '…'],
    );
  });

  test('devices that are dropped in become lines for their nodes, each once', () => {
    const dropped = (content: string, addresses: readonly string[]): string => {
      const site = open(content);
      const edits = ctConf.takeDevices?.(site.file, { line: 0, column: 0 }, addresses, around(site)) ?? [];
      return fromLines(applyEdits(site.file.lines, edits));
    };
    assert.equal(
      dropped('dev0: /dev/kfd\n\n[before]\n', ['0000:01:00.0']),
      'dev0: /dev/kfd\ndev1: /dev/dri/card1\ndev2: /dev/dri/renderD129\n\n[before]\n',
    );
    assert.equal(
      dropped('dev0: /dev/dri/card1\ndev1: /dev/dri/renderD129\n', ['0000:01:00.0']),
      'dev0: /dev/dri/card1\ndev1: /dev/dri/renderD129\n',
    );
    assert.equal(dropped('cores: 2\n', ['0000:03:00.0']), 'cores: 2\n');
  });
});
