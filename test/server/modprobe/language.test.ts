import assert from 'node:assert/strict';
import type { SourceFile } from '../../../server/languages/language.ts';
import { modprobe } from '../../../server/languages/modprobe/modprobe.ts';
import type { ModprobeTree } from '../../../server/languages/modprobe/tree.ts';
import { around, checkCompletion, checkHover, openSite } from '../../support/check.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== versions: ok
kmod: 34.2-2
== pci functions: ok
0000:00:00.0
  class: 0600 Host bridge
  vendor: 8086
  device: 3ec2
0000:01:00.0
  class: 0300 VGA compatible controller
  vendor: 10de
  device: 1b80 GP104 [GeForce GTX 1080]
  driver: nouveau
  modules: nvidiafb nouveau
  group: 2
0000:01:00.1
  class: 0403 Audio device
  vendor: 10de
  device: 10f0 GP104 High Definition Audio Controller
  driver: snd_hda_intel
  modules: snd_hda_intel
  group: 2
0000:03:00.0
  class: 0200 Ethernet controller
  vendor: 8086
  device: 1539 I211 Gigabit Network Connection
  driver: igb
  modules: igb
  group: 12
0000:04:00.0
  class: 0200 Ethernet controller
  vendor: 8086
  device: 1539 I211 Gigabit Network Connection
  driver: igb
  modules: igb
  group: 13
== module parameters: ok
kvm.ignore_msrs: N
== loaded modules: ok
igb
nouveau
my_dkms_module
== end
`;

const open = (text: string): SourceFile<ModprobeTree> =>
  openSite(text, { language: modprobe, host }).file as SourceFile<ModprobeTree>;

suite('completion in modprobe.d', () => {
  test('commands at the start of a line', () => {
    const commands = ['alias', 'blacklist', 'install', 'options', 'remove', 'softdep', 'weakdep'];
    checkCompletion(modprobe, '¦', { order: commands }, {});
    checkCompletion(modprobe, '# x\nopt¦ vfio-pci', {
      has: [{ label: 'options', resultText: '# x\noptions  vfio-pci' }],
    });
    checkCompletion(modprobe, '# opt¦', { count: 0 });
  });

  test('modules: drivers of devices first, then what is loaded', () => {
    checkCompletion(
      modprobe,
      'blacklist nou¦',
      {
        has: [{ label: 'nouveau', note: '01:00.0 GeForce GTX 1080', resultText: 'blacklist nouveau' }],
        hasNot: ['pcspkr', 'nvidia'],
      },
      { host },
    );
    const found = checkCompletion(modprobe, 'blacklist ¦', { has: ['nvidiafb', 'my_dkms_module'] }, { host });
    const first = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1)).slice(0, 5);
    assert.deepEqual(
      first.map(one => one.label),
      ['igb', 'nouveau', 'nvidiafb', 'snd_hda_intel', 'my_dkms_module'],
    );
  });

  test('modules are spelled with dashes where somebody began to', () => {
    checkCompletion(modprobe, 'softdep snd-h¦', { has: ['snd-hda-intel'], hasNot: ['snd_hda_intel'] });
    checkCompletion(modprobe, 'softdep snd_h¦', { has: ['snd_hda_intel'] });
  });

  test('softdep asks for pre: or post: first, then for modules', () => {
    checkCompletion(modprobe, 'softdep nouveau ¦', { order: ['post:', 'pre:'] });
    checkCompletion(modprobe, 'softdep nouveau pre: vfio¦', { has: ['vfio_pci', 'post:'], hasNot: ['pre:'] });
  });

  test('parameters of the module with their types, without those that are there', () => {
    checkCompletion(modprobe, 'options vfio-pci disable_vga=1 ¦', {
      has: [
        { label: 'ids', detail: 'text', resultText: 'options vfio-pci disable_vga=1 ids=' },
        { label: 'nointxmask', detail: 'on or off' },
      ],
      hasNot: ['disable_vga'],
    });
    checkCompletion(modprobe, 'options vfio-pci di¦s=1', {
      has: [{ label: 'disable_vga', resultText: 'options vfio-pci disable_vga=1' }],
    });
    checkCompletion(modprobe, 'options zfs zfs_arc¦', { has: [{ label: 'zfs_arc_max', detail: 'number from 0' }] });
    checkCompletion(modprobe, 'options nosuchmodule ¦', { count: 0 });
  });

  test('values of switches and of parameters with known words', () => {
    checkCompletion(modprobe, 'options vfio-pci disable_vga=¦', {
      has: ['0', { label: '1', resultText: 'options vfio-pci disable_vga=1' }],
    });
  });

  test('ids: the devices of the host, the functions of a card together first', () => {
    checkCompletion(
      modprobe,
      'options vfio-pci ids=¦',
      {
        order: ['10de:1b80,10de:10f0', '10de:1b80', '8086:1539', '10de:10f0'],
        has: [
          {
            label: '10de:1b80',
            detail: 'VGA compatible controller · 01:00.0',
            note: 'GeForce GTX 1080 · nouveau · group 2',
          },
          { label: '10de:1b80,10de:10f0', detail: 'VGA compatible controller, Audio device · 01:00.0 01:00.1' },
          { label: '8086:1539', detail: 'Ethernet controller · 03:00.0 04:00.0' },
        ],
      },
      { host },
    );
  });

  test('ids: none that is listed, and the entry under the cursor is replaced', () => {
    checkCompletion(modprobe, 'options vfio-pci ids=10DE:1b80,¦', { order: ['8086:1539', '10de:10f0'] }, { host });
    checkCompletion(
      modprobe,
      'options vfio-pci ids=10de:1b80,10¦de:10ff,8086:1533 disable_vga=1',
      { has: [{ label: '10de:10f0', resultText: 'options vfio-pci ids=10de:1b80,10de:10f0,8086:1533 disable_vga=1' }] },
      { host },
    );
    checkCompletion(modprobe, 'options vfio-pci \\\n  ids=10de:1b80,\\\n  ¦', { count: 5 }, { host });
    checkCompletion(
      modprobe,
      'options vfio-pci ids="¦"',
      { has: [{ label: '8086:1539', resultText: 'options vfio-pci ids="8086:1539"' }] },
      { host },
    );
    checkCompletion(modprobe, 'options vfio-pci ids=¦', { count: 0 });
  });
});

suite('hover in modprobe.d', () => {
  test('commands, modules with what they drive, parameters with their value now', () => {
    checkHover(modprobe, '«soft¦dep» nouveau pre: vfio-pci', ['pre:', /before/]);
    checkHover(modprobe, 'blacklist «nou¦veau»', ['01:00.0', 'GeForce GTX 1080', 'loaded'], { host });
    checkHover(modprobe, 'blacklist «nvidiafb¦»', [/Could also drive/, 'not loaded'], { host });
    checkHover(modprobe, 'options kvm «ignore¦_msrs»=1', [/model-specific/, 'Now on this host: `N`'], { host });
    checkHover(modprobe, 'options kvm ignore_msrs=«1¦»', [/macOS/]);
    checkHover(modprobe, 'options zfs «zfs_arc¦_max»=1', [/ZFS cache/, 'number from 0']);
    checkHover(modprobe, 'install nouveau /bin/f¦alse', undefined);
    checkHover(modprobe, '# vfio¦', undefined);
  });

  test('ids with the device behind them', () => {
    checkHover(modprobe, 'options vfio-pci ids=«10de:1b¦80»,10de:10f0', ['GeForce GTX 1080', 'nouveau', 'group 2'], {
      host,
    });
    checkHover(modprobe, 'options vfio-pci ids=«8086:153¦9»', ['2 devices', '0000:03:00.0', '0000:04:00.0'], { host });
    checkHover(modprobe, 'options vfio-pci ids=«8086:9999¦»', [/No device of this host/], { host });
    checkHover(modprobe, 'options vfio-pci ids=«808¦6»', [/no id that vfio-pci can read/]);
  });

  test('what the files say of a module together', () => {
    checkHover(
      modprobe,
      '--- etc/modprobe.d/a.conf\noptions igb max_vfs=2\n--- etc/modprobe.d/b.conf\nblacklist «ig¦b»\noptions igb debug=1\n',
      ['Gets `max_vfs=2 debug=1` (`a.conf`, `b.conf`)', 'Blacklisted in `b.conf`'],
      { host },
    );
  });

  test('what loading a module does besides', () => {
    checkHover(modprobe, 'softdep «ig¦b» pre: vfio vfio-pci post: dca\ninstall igb /bin/false\n', [
      'Loads `vfio`, `vfio-pci` before it, `dca` after it (`vfio.conf`)',
    ]);
    checkHover(modprobe, 'install «ig¦b» /bin/false\n', ['Loading it runs `/bin/false` instead']);
  });

  test('text from files is shown, not rendered', () => {
    checkHover(modprobe, 'blacklist «¦<img_src=x>`a`»', ['`` <img_src=x>`a` ``']);
  });
});

suite('outline of modprobe.d', () => {
  const text =
    '# a\n# b\noptions vfio-pci ids=10de:1b80,\\\n  10de:10f0 disable_vga=1\nsoftdep nouveau pre: vfio-pci\nnonsense\n';

  test('symbols and folds', () => {
    const file = open(text);
    const symbols = modprobe.symbols?.(file) ?? [];
    assert.deepEqual(
      symbols.map(({ name, span, children }) => [name, span.line, span.endLine, children?.map(child => child.name)]),
      [
        ['options vfio-pci', 2, 3, ['ids', '10de:10f0', 'disable_vga']],
        ['softdep nouveau', 4, 4, undefined],
      ],
    );
    assert.deepEqual(modprobe.folds?.(file), [
      { from: 0, to: 1, kind: 'comment' },
      { from: 2, to: 3, kind: 'region' },
    ]);
  });

  test('modules are found under one spelling', () => {
    const uses =
      modprobe.names?.(open('softdep snd-hda-intel pre: vfio-pci\nalias x off\nblacklist snd_hda_intel\n')) ?? [];
    assert.deepEqual(
      uses.map(({ name, span }) => [name, span.line, span.start, span.end]),
      [
        ['snd_hda_intel', 0, 8, 21],
        ['vfio_pci', 0, 27, 35],
        ['snd_hda_intel', 2, 10, 23],
      ],
    );
  });

  test('a device name behind each id, counted where several have it', () => {
    const site = openSite('options vfio-pci ids=10de:1b80,8086:1539,1234:5678\n', { language: modprobe, host });
    const hints = modprobe.hints?.(site.file as SourceFile<ModprobeTree>, around(site)) ?? [];
    assert.deepEqual(
      hints.map(({ at, label }) => [at.column, label]),
      [
        [30, 'GeForce GTX 1080'],
        [40, 'I211 Gigabit Network Connection ×2'],
      ],
    );
  });

  test('selections grow from the id to the line', () => {
    const spans =
      modprobe.selections?.(open('options vfio-pci ids=10de:1b80,8086:1539\n'), { line: 0, column: 24 }) ?? [];
    assert.deepEqual(
      spans.map(({ start, end }) => [start, end]),
      [
        [21, 30],
        [21, 40],
        [17, 40],
        [0, 40],
      ],
    );
  });
});
