import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { renderSnapshot } from '../../host/render.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { rounds } from '../support/rounds.ts';
import { assertSound } from '../support/soundInventory.ts';

/** What hosts and people send is damaged in every way: nothing throws, nothing is lost twice. Megabytes: `megabytes.slow.test.ts`. */

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
      const stride = Math.max(1, Math.floor(text.length / rounds(20)));
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
      const stride = Math.max(1, Math.floor(text.length / rounds(3)));
      for (let at = 0; at <= text.length; at += stride) {
        for (const [index, insert] of insertions.entries()) {
          assertSound(parse(text.slice(0, at) + insert + text.slice(at + (index % 3))));
        }
      }
    });
  }
});

/** What was read from a damaged text can be written down and read again. */
const assertKept = (inventory: Inventory): void =>
  assert.deepEqual(parseSnapshot(renderSnapshot(inventory)).functions, inventory.functions);
