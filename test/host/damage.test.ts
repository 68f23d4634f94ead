import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';
import { renderSnapshot } from '../../host/render.ts';
import { parseSnapshot } from '../../host/snapshot.ts';

/** What hosts and people send is damaged in every way in every run: nothing throws, nothing is slow, nothing is lost twice. */

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const samples: Readonly<Record<string, readonly [parse: (text: string) => Inventory, text: string]>> = {
  'a snapshot': [parseSnapshot, read('snapshots/demo.snapshot')],
  'a collected snapshot': [parseSnapshot, read('snapshots/intel-vfs.snapshot')],
  'lspci -nnk': [parseListing, read('listings/20.txt')],
  'groups with a command line': [parseListing, read('listings/21.txt')],
  'a tree of groups': [parseListing, read('listings/12.txt')],
  'lspci -tv': [parseListing, read('listings/30.txt').slice(0, 12_000)],
  records: [parseListing, read('listings/36.txt')],
  'two domains': [parseListing, read('listings/32.txt')],
};
const insertions = [
  '',
  ':',
  '=',
  '== ',
  '"',
  '\\',
  '|',
  '!',
  '?',
  '#',
  '[',
  ']',
  '\r',
  '\n',
  '\t',
  ' ',
  '\u0000',
  '\u2028',
  '\ud800',
  '\ufeff',
  '😀',
  '+-',
  '0000:00:00.0',
];

suite('damaged hosts and listings', () => {
  for (const [name, [parse, text]] of Object.entries(samples)) {
    test(`${name}: cut anywhere`, () => {
      const whole = new Set(parse(text).functions.map(fn => fn.address));
      const stride = Math.max(1, Math.floor(text.length / 150));
      for (let length = 0; length <= text.length; length += stride) {
        const inventory = parse(text.slice(0, length));
        assertSound(inventory);
        if (length % 5 === 0) assertKept(inventory);
        assert.ok(
          inventory.functions.every(fn => whole.has(fn.address)),
          `cut at ${length}`,
        );
      }
    });

    test(`${name}: something inserted or lost anywhere`, () => {
      const stride = Math.max(1, Math.floor(text.length / 25));
      for (let at = 0; at <= text.length; at += stride) {
        for (const [index, insert] of insertions.entries()) {
          assertSound(parse(text.slice(0, at) + insert + text.slice(at + (index % 3))));
        }
      }
    });
  }

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

/** Whatever the text was: addresses are addresses, each stands once, gaps are no flood. */
function assertSound(inventory: Inventory): void {
  const addresses = inventory.functions.map(fn => fn.address);
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) assert.equal(parsePciAddress(address), address);
  assert.ok(inventory.gaps.length <= 70_000);
}

/** What was read from a damaged text can be written down and read again. */
const assertKept = (inventory: Inventory): void =>
  assert.deepEqual(parseSnapshot(renderSnapshot(inventory)).functions, inventory.functions);
