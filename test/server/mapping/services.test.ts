import assert from 'node:assert/strict';
import type { Language, NameUse } from '../../../server/languages/language.ts';
import { pciMapping } from '../../../server/languages/pciMapping/pciMapping.ts';
import { textOf } from '../../../server/text/lines.ts';
import { around, checkHover, openSite } from '../../support/check.ts';

const mapping: Language = pciMapping;
const host = { host: true } as const;
const two =
  'gpu\n\tmap id=10de:2584,node=pve1,path=0000:01:00.0\n\tmdev 0\n\n# below\nnic\n\tmap id=8086:1539,node=pve1,path=0000:03:00.0;0000:00:1f.6\n';

suite('mappings: hover', () => {
  test('an address shows the card of the device', () => {
    checkHover(mapping, 'gpu\n\tmap node=pve1,path=«0000:01¦:00.0»\n', [/RTX 3050/, /IOMMU group 2/, /nouveau/], host);
  });

  test('a whole device shows all its functions', () => {
    checkHover(
      mapping,
      'gpu\n\tmap node=pve1,path=«0000:01¦:00»\n',
      [/RTX 3050/, /Together with/, /0000:01:00.1/],
      host,
    );
  });

  test('each item of a path has its own', () => {
    checkHover(mapping, 'gpu\n\tmap node=pve1,path=0000:01:00.0;«0000:03:00¦.0»\n', [/I211/], host);
  });

  test('an address without a device, and one of a node that is not known', () => {
    checkHover(mapping, 'gpu\n\tmap node=pve1,path=0000:0¦9:00.0\n', [/no such device on pve1/], host);
    checkHover(mapping, 'gpu\n\tmap node=pve2,path=«0000:0¦1:00.0»\n', [/written whole/], host);
  });

  test('who claims the device', () => {
    const site =
      '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap node=pve1,path=0000:01¦:00.0\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 0000:01:00\nname: gaming\n';
    checkHover(mapping, site, [/Claimed by/, /VM 101/], host);
  });

  test('an id names the device that has it', () => {
    checkHover(mapping, 'gpu\n\tmap node=pve1,id=«10de:¦2584»\n', [/RTX 3050/], host);
    checkHover(mapping, 'gpu\n\tmap node=pve1,id=«10de:¦ffff»\n', [/compared/], host);
  });

  test('keys and the mapping itself', () => {
    checkHover(mapping, 'gpu\n\t«md¦ev» 1\n', [/mediated/]);
    checkHover(mapping, 'gpu\n\tmap node=pve1,«subsys¦tem-id»=1458:4131\n', [/maker/]);
    checkHover(mapping, '«g¦pu»\n\tmap node=pve1,path=0000:01:00.0\n', [/PCI mapping/, /pve1: `0000:01:00.0`/]);
    checkHover(mapping, 'st¦ick\n\tmap node=pve1,id=046d:c52b\n', [/USB mapping/, /046d:c52b/], {
      path: 'etc/pve/mapping/usb.cfg',
    });
    checkHover(mapping, 'gpu\n\tno¦such 1\n', undefined);
    checkHover(mapping, '# co¦mment\n', undefined);
  });

  test('text from the file is shown as text', () => {
    checkHover(mapping, '«a¦b»\n\tmap node=<b>*x*,path=`x`\n', ['\\<b\\>\\*x\\*', '`` `x` ``']);
  });
});

suite('mappings: outline', () => {
  const open = (text: string, path = 'etc/pve/mapping/pci.cfg') => openSite(text, { language: mapping, path, ...host });

  test('symbols: mappings, with their nodes below them', () => {
    const symbols = mapping.symbols?.(open(two).file) ?? [];
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children?.map(child => `${child.name} ${child.detail}`)]),
      [
        ['gpu', ['pve1 0000:01:00.0']],
        ['nic', ['pve1 0000:03:00.0;0000:00:1f.6']],
      ],
    );
  });

  test('folds: from the name to the last line with text', () => {
    assert.deepEqual(mapping.folds?.(open(two).file), [
      { from: 0, to: 2 },
      { from: 5, to: 6 },
    ]);
    assert.deepEqual(mapping.folds?.(open('gpu\n').file), []);
  });

  test('names: definitions for the whole cluster, by the kind of file', () => {
    const names = (path: string): readonly NameUse[] =>
      mapping.names?.(open('gpu\n\tmdev 1\n\n1bad\n', path).file) ?? [];
    assert.deepEqual(names('etc/pve/mapping/pci.cfg'), [
      {
        kind: 'pci-mapping',
        name: 'gpu',
        role: 'definition',
        span: { line: 0, start: 0, endLine: 0, end: 3 },
        scope: 'cluster',
        renamable: true,
      },
    ]);
    assert.equal(names('etc/pve/mapping/usb.cfg')[0]?.kind, 'usb-mapping');
    assert.equal(names('etc/pve/mapping/directory.cfg')[0]?.kind, 'dir-mapping');
  });

  test('hints: the name of each device behind its address', () => {
    const site = open(two);
    const hints = mapping.hints?.(site.file, around(site)) ?? [];
    assert.deepEqual(
      hints.map(({ at, label }) => `${at.line}:${at.column} ${label}`),
      ['1:45 GeForce RTX 3050 6GB', '6:45 I211 Gigabit Network Connection', '6:58 Ethernet Connection (2) I219-V'],
    );
  });

  test('selections grow from the word to the section', () => {
    const { file } = open(two);
    const spans = mapping.selections?.(file, { line: 1, column: 40 }) ?? [];
    assert.deepEqual(
      spans.map(span => textOf(file.lines, span).split('\n')[0]),
      [
        '0000:01:00.0',
        'path=0000:01:00.0',
        'id=10de:2584,node=pve1,path=0000:01:00.0',
        '\tmap id=10de:2584,node=pve1,path=0000:01:00.0',
        'gpu',
      ],
    );
  });
});
