import assert from 'node:assert/strict';
import type { SourceFile } from '../../../server/languages/language.ts';
import { modules } from '../../../server/languages/modules/modules.ts';
import { type ModuleList, parseModules } from '../../../server/languages/modules/tree.ts';
import { toLines } from '../../../server/text/lines.ts';
import { checkCompletion, checkHover, openSite } from '../../support/check.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300 VGA compatible controller
  vendor: 10de
  device: 1b80 GP104 [GeForce GTX 1080]
  driver: nouveau
  modules: nvidiafb nouveau
== loaded modules: ok
nouveau
== end
`;

suite('lists of modules', () => {
  test('lines as systemd reads them', () => {
    const { nodes } = parseModules(toLines(' vfio \t\r\n; x\n  # y\n\nvfio_pci ids=1 # z\n'));
    assert.deepEqual(
      nodes.map(({ kind, name, rest }) => [kind, name.text, rest.map(word => word.text).join(' ')]),
      [
        ['module', 'vfio', ''],
        ['comment', ';', ''],
        ['comment', '#', ''],
        ['blank', '', ''],
        ['module', 'vfio_pci', 'ids=1 # z'],
        ['blank', '', ''],
      ],
    );
  });

  test('after an edit the same tree as from scratch', () => {
    const before = toLines('vfio\nvfio_pci\n# x\nigb\n');
    for (const text of ['vfio\nvfio_pci a\n# x\nigb\n', 'vfio\n# x\nigb\n', 'vfio\nnew\nvfio_pci\n# x\nigb\n', '']) {
      const after = toLines(text);
      assert.deepEqual(parseModules(after, parseModules(before)), parseModules(after));
    }
  });

  test('completion: modules, those of the host first; parameters for the initramfs only', () => {
    checkCompletion(modules, 'vf¦', { has: [{ label: 'vfio_pci', resultText: 'vfio_pci' }] }, { host });
    checkCompletion(modules, '¦', { has: [{ label: 'nouveau', note: '01:00.0 GeForce GTX 1080' }] }, { host });
    checkCompletion(modules, '# vf¦', { count: 0 });
    checkCompletion(modules, 'vfio_pci ¦', { count: 0 });
    checkCompletion(
      modules,
      'vfio_pci di¦=1',
      { has: [{ label: 'disable_vga', resultText: 'vfio_pci disable_vga=1' }] },
      { path: 'etc/initramfs-tools/modules' },
    );
  });

  test('hover: what a module drives on this host', () => {
    checkHover(modules, '«nouv¦eau»', ['01:00.0', 'GeForce GTX 1080', 'loaded'], { host });
    checkHover(modules, '# nouv¦eau', undefined, { host });
  });

  test('symbols, folds and names', () => {
    const file = openSite('# a\n# b\nvfio-pci\n', { language: modules }).file as SourceFile<ModuleList>;
    assert.deepEqual(
      modules.symbols?.(file).map(({ name, nameSpan }) => [name, nameSpan.line]),
      [['vfio-pci', 2]],
    );
    assert.deepEqual(modules.folds?.(file), [{ from: 0, to: 1, kind: 'comment' }]);
    assert.deepEqual(
      modules.names?.(file).map(({ name }) => name),
      ['vfio_pci'],
    );
  });
});
