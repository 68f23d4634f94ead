import { parseListing } from '../../host/listing.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { assertSound } from '../support/soundInventory.ts';

/** Both readers of what hosts and people send, on megabytes of what makes careless ones slow. */

suite('damaged hosts and listings', () => {
  const megabyte = 1 << 20;
  const fill = (piece: string): string => piece.repeat(Math.ceil(megabyte / piece.length)).slice(0, megabyte);
  const garbage: Readonly<Record<string, string>> = {
    blanks: fill(' '),
    'one line': fill('x'),
    'empty lines': fill('\n'),
    'quote signs': fill('>'),
    'quoted blanks': fill('> '),
    'group and blanks': `group${fill(' ')}x`,
    'a device and blanks': `00:00.0 Host bridge [0600]: ${fill(' ')}x`,
    'a device and brackets': `00:00.0 Host bridge [0600]: ${fill('[')}`,
    'a device and quotes': `00:00.0 ${fill('"\\')}`,
    'devices of one address': fill('00:00.0 Host bridge [0600]: Intel Corporation [8086:1237]\n'),
    'two devices in turn': fill(
      'IOMMU group 1 00:00.0 Host bridge [0600]: Intel [8086:1237]\nIOMMU group 2 00:00.0 Bridge [0680]: AMD [1022:1237]\n',
    ),
    headings: fill('IOMMU Group 1:\n'),
    'units of an IOMMU': fill('IOMMU: dmar1\n'),
    'a tree': fill('+-[0000:00]-+-00.0-[01]--\n'),
    'one branch': `-[0000:00]${fill('-+')}`,
    slots: fill('Slot:\t00:00.0\nModule:\ta\n'),
    'modules of one function': `Slot:\t00:00.0\n${fill('Module:\tabc\n')}`,
    lspci: fill('lspci '),
    regions: `00:00.0 Host bridge [0600]: Intel [8086:1237]\n${fill('Region 0: Memory at 0 (64-bit) [size=1]\n')}`,
    colours: fill('\u001b[31m'),
    bytes: fill(Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')),
    'a snapshot of sections': `hostpci snapshot 1\n${fill('== kernel: ok\n')}`,
    'a snapshot of gaps': `hostpci snapshot 1\n${fill('== gaps: ok\n| gap\n')}`,
    'a snapshot of unknown sections': `hostpci snapshot 1\n${fill('== a b c: partly, d\n')}`,
    'a snapshot of functions': `hostpci snapshot 1\n== pci functions: ok\n${fill('0000:00:00.0\n  mdev: a mdev 1\n')}`,
    'a function of many lines': `hostpci snapshot 1\n== pci functions: ok\n0000:00:00.0\n${fill('  mdev: a mdev 1\n')}`,
    'a snapshot of facts': `hostpci snapshot 1\n== kernel: ok\n${fill('release: 1\n')}`,
    'a snapshot of text': `hostpci snapshot 1\n== files: ok\n/etc/a\n${fill('  | a\n  ! "\\u0000"\n')}`,
    'a snapshot of broken strings': `hostpci snapshot 1\n== files: ok\n/etc/a\n${fill('  ! "\\"\n')}`,
    'a snapshot of one list': `hostpci snapshot 1\n== host: ok\niommu: ${fill('"\\" ')}\n`,
    'a snapshot of remarks': `hostpci snapshot 1\n== files: ok\n/etc/a\n${fill('  ? b\n')}`,
  };
  for (const [name, text] of Object.entries(garbage)) {
    // A reader that grows faster than its text takes minutes for a megabyte; the runner's own limit tells.
    test(`a megabyte of ${name}`, () => {
      for (const parse of [parseSnapshot, parseListing]) {
        assertSound(parse(text));
      }
    });
  }
});

suite('listings that wear something on every line', () => {
  // As above: the runner's own limit tells.
  test('a megabyte of each takes no time', () => {
    const size = 2 ** 20;
    const lines = (line: string): string => `${line}\n`.repeat(size / (line.length + 1));
    for (const text of [
      '>'.repeat(size),
      lines('> '.repeat(50)),
      lines('#'.repeat(50)),
      Array.from({ length: size / 8 }, (_, index) => `${index + 1} \n`).join(''),
      `1${' '.repeat(size)}`,
      '[code]'.repeat(size / 6),
      '<p>'.repeat(size / 3),
      '[/code]'.repeat(size / 7),
      '│a'.repeat(size / 2),
      `| id | iommugroup |\n${lines('| 0000:01:00.0 | 1 |')}`,
      `/sys/kernel/iommu_groups/1/devices:\n${lines('0000:01:00.0  0000:01:00.1')}`,
      `lrwxrwxrwx ${'a '.repeat(size / 2)}-> x`,
    ]) {
      assertSound(parseListing(text));
    }
  });
});
