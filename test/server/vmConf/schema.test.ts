import assert from 'node:assert/strict';
import { formats } from '../../../server/languages/vmConf/formats.ts';
import { type FormatName, familyOf, optionOf, storedKey } from '../../../server/languages/vmConf/schema.ts';
import { schemaTable } from '../../../server/languages/vmConf/schemaTable.generated.ts';
import { committedTable, type RawFormat, rawSchema, renderTable } from '../../tools/makeVmSchema.mts';

const raw = rawSchema();

suite('VM conf: schema', () => {
  test('the table is what its data says', () => {
    assert.equal(committedTable(), renderTable(raw), 'run: npx tsx test/tools/makeVmSchema.mts');
  });

  test('it has every option, family and key of the data', () => {
    assert.deepEqual(Object.keys(schemaTable.options).sort(), Object.keys(raw.options).sort());
    assert.deepEqual(Object.keys(schemaTable.families).sort(), Object.keys(raw.families).sort());
    const count = (all: Record<string, { properties?: object }>): number =>
      Object.values(all).reduce((sum, option) => sum + Object.keys(option.properties ?? {}).length, 0);
    assert.equal(count(schemaTable.options), count(raw.options));
    assert.equal(count(schemaTable.families), count(raw.families));
  });

  test('keys are found as the reader finds them', () => {
    assert.equal(optionOf('hostpci15')?.index, 15);
    for (const key of ['hostpci16', 'hostpci', 'hostpci01', 'hostpci-1', 'constructor', 'numa8', '__proto__']) {
      assert.equal(optionOf(key), undefined, key);
    }
    assert.equal(optionOf('numa')?.index, undefined);
    assert.equal(familyOf('hostpci99')?.schema.last, 15);
    assert.equal(storedKey('cdrom'), 'ide2');
  });

  for (const [name, format] of Object.entries(raw.formats)) {
    const kind = formats[name as FormatName];
    if (!kind) continue;
    test(`${name} accepts what its definition accepts`, () => {
      for (const text of samples(name)) {
        assert.equal(kind.check(text) === undefined, accepts(format, text), JSON.stringify(text));
        const mended = kind.mend?.(text);
        if (mended !== undefined && mended !== text && kind.check(text) !== undefined && accepts(format, mended)) {
          assert.equal(kind.check(mended), undefined, mended);
        }
      }
    });
  }
});

/** Valid values of each kind, and each of them with one character changed, added or taken away. */
function samples(name: string): readonly string[] {
  const valid = [
    ...[
      '',
      '0',
      '1',
      'a',
      'ab',
      'a-b',
      'a.b',
      'a b',
      'a,b;c',
      'host',
      'dhcp',
      'auto',
      'manual',
      'none',
      'cdrom',
      '64',
      '08',
      '65',
    ],
    ...[
      '10.0.0.1',
      '10.0.0.1/24',
      '10.0.0.1/7',
      '255.255.255.255',
      '1.2.3',
      '::',
      '::1',
      'fd00::1/64',
      '1:2:3:4:5:6:7:8',
    ],
    ...[
      '1:2:3:4:5:6:7::',
      '1::2:3:4:5:6:7',
      '1:2:3:4:5:6:10.0.0.1',
      '::10.0.0.1',
      '1::10.0.0.1',
      '1:2:3:4:5::10.0.0.1',
      '1::2::3',
    ],
    ...[
      '32G',
      '1.5K',
      '10MiB',
      '4T',
      'BC:24:11:00:00:01',
      'local:iso/a.iso',
      'local-lvm:vm-100-disk-0',
      '/dev/sdb',
      'l:x',
    ],
    ...[
      'scsi0;net0',
      'hostpci15',
      'hostpci16',
      'efidisk0',
      'order=1,up=2,down=3',
      '1,2',
      ',order=1',
      'up=x',
      '0-3,8',
      '3-1',
      '0,',
      ',0',
    ],
    ...['network,disk', 'cpu memory', 'web;prod', '%20', 'a/b', 'vmbr0', '\0a\0b', 'a\0', ' a', 'a '],
  ];
  const marks = ['', 'x', '0', ':', '.', ',', ';', '-', '/', ' ', 'ü', '%'];
  const damaged = valid.flatMap(text =>
    Array.from({ length: text.length + 1 }, (_, at) =>
      marks.map(mark => text.slice(0, at) + mark + text.slice(at + 1)),
    ).flat(),
  );
  return [...valid, ...damaged].filter(text => name !== 'pve-cpuset' || text !== '');
}

/** The definition's own meaning, read straight from the data. */
function accepts(format: RawFormat, text: string): boolean {
  if (format.rejectedLiterals?.includes(text)) return false;
  if (format.literals?.includes(text) || format.literalsWhole?.includes(text)) return true;
  switch (format.kind) {
    case 'regex':
      return matches(format, text);
    case 'anyOf':
      return matches(format, text) || (format.anyOf ?? []).some(name => accepts(raw.formats[name] as RawFormat, text));
    case 'list':
      return listItems(text).every(item =>
        format.items ? format.items.includes(item) : accepts(raw.formats[format.itemFormat ?? ''] as RawFormat, item),
      );
    case 'comma-list':
      return commaList(format, text);
    case 'family-key':
      return Object.entries(format.families ?? {}).some(
        ([family, [from, to]]) => text.startsWith(family) && isIndex(text.slice(family.length), from, to),
      );
  }
}

function matches({ regex, group1 }: RawFormat, text: string): boolean {
  const found = regex === undefined ? null : new RegExp(regex.replace('.+$', '[^\\n]+$')).exec(text);
  if (!found || !group1) return found !== null;
  return Number(found[1]) >= group1.minimum && Number(found[1]) <= group1.maximum;
}

function commaList(format: RawFormat, text: string): boolean {
  if (format.emptyOrZeroInvalid && (text === '' || text === '0')) return false;
  const parts = text.split(',');
  while (parts.at(-1) === '') parts.pop();
  return parts.every(part => {
    if (format.blankPartsSkipped && /^[ \t]*$/.test(part)) return true;
    const found = new RegExp(format.part ?? '').exec(part);
    return found !== null && (!format.ascending || found[2] === undefined || Number(found[2]) >= Number(found[1]));
  });
}

function listItems(text: string): readonly string[] {
  const items = text.includes('\0')
    ? text.split('\0')
    : text
        .replace(/[,;]/g, ' ')
        .trimStart()
        .split(/[ \t]+/);
  while (items.at(-1) === '') items.pop();
  return items;
}

const isIndex = (text: string, from: number, to: number): boolean =>
  /^(?:0|[1-9][0-9]*)$/.test(text) && Number(text) >= from && Number(text) <= to;
