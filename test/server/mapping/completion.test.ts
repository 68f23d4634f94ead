import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { surroundingsOf } from '../../../server/facts/surroundings.ts';
import type { Language } from '../../../server/languages/language.ts';
import { pciMapping } from '../../../server/languages/pciMapping/pciMapping.ts';
import { withSnapshot } from '../../../server/workspace/world.ts';
import { checkCompletion, demoHost, library, openSite } from '../../support/check.ts';
import { readMarks } from '../../support/marked.ts';
import { siteRoot } from '../../support/site.ts';

const mapping: Language = pciMapping;
const usb = { path: 'etc/pve/mapping/usb.cfg' };
const dir = { path: 'etc/pve/mapping/directory.cfg' };
const host = { host: true } as const;
const gpuLine = 'id=10de:2584,iommugroup=2,node=pve1,path=0000:01:00.0,subsystem-id=1458:4131';

suite('mappings: completion', () => {
  test('a new file offers a mapping, empty and for each device', () => {
    checkCompletion(
      mapping,
      '¦',
      {
        has: [
          { label: 'new mapping', kind: 'snippet' },
          {
            label: '0000:01:00.0',
            kind: 'section',
            note: 'GeForce RTX 3050 6GB',
            resultText: `\${1:name}\n\tmap ${gpuLine}`,
          },
        ],
        // Bridges cannot be passed through.
        hasNot: ['0000:00:1c.0', '0000:00:00.0'],
      },
      host,
    );
  });

  test('below a mapping without an empty line, a new one brings that line along', () => {
    checkCompletion(mapping, 'gpu\n¦', {
      has: [{ label: 'new mapping', resultText: `gpu\n\n\${1:name}\n\tmap $0` }],
    });
  });

  test('keys that the section lacks, indented; map again and again', () => {
    const text = 'gpu\n\tmap node=pve1\n\tmdev 1\n¦';
    checkCompletion(mapping, text, {
      has: [
        { label: 'map', resultText: 'gpu\n\tmap node=pve1\n\tmdev 1\n\tmap ' },
        { label: 'live-migration-capable', resultText: 'gpu\n\tmap node=pve1\n\tmdev 1\n\tlive-migration-capable 1' },
        'description',
      ],
      hasNot: ['mdev'],
    });
  });

  test('a word without indentation becomes an indented key', () => {
    checkCompletion(mapping, 'gpu\nma¦', { has: [{ label: 'map', resultText: 'gpu\n\tmap ' }] });
    checkCompletion(mapping, 'gpu\n\tde¦ note\n', {
      has: [{ label: 'description', resultText: 'gpu\n\tdescription note\n' }],
    });
  });

  test('other kinds of file have other keys', () => {
    checkCompletion(
      mapping,
      'stick\n\t¦',
      { has: ['map', 'description'], hasNot: ['mdev', 'live-migration-capable'] },
      usb,
    );
    checkCompletion(mapping, 'stick\n\tmap ¦', { order: ['node', 'id', 'path', 'description'] }, usb);
    checkCompletion(mapping, 'media\n\tmap node=pve1,¦', { order: ['path'] }, dir);
  });

  test('a flag is 1 or 0', () => {
    checkCompletion(mapping, 'gpu\n\tmdev ¦', { order: ['0', '1'], count: 2 });
    checkCompletion(mapping, 'gpu\n\tdescription ¦', { count: 0 });
  });

  test('one suggestion writes the whole map entry of a device', () => {
    checkCompletion(
      mapping,
      'gpu\n\tmap ¦\n',
      {
        has: [
          {
            label: '0000:01:00.0',
            kind: 'device',
            detail: 'pve1 · group 2 · nouveau',
            resultText: `gpu\n\tmap ${gpuLine}\n`,
          },
          { label: 'node', detail: 'needed' },
        ],
      },
      host,
    );
  });

  test('with the node said, the rest of the entry', () => {
    checkCompletion(
      mapping,
      'gpu\n\tmap node=pve1,¦\n',
      {
        has: [
          {
            label: 'path=0000:01:00.0',
            resultText: 'gpu\n\tmap node=pve1,id=10de:2584,iommugroup=2,path=0000:01:00.0,subsystem-id=1458:4131\n',
          },
        ],
        hasNot: ['node'],
      },
      host,
    );
  });

  test('with the path said, what the device there must have', () => {
    checkCompletion(
      mapping,
      'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,¦\n',
      {
        has: [
          {
            label: 'iommugroup=2,subsystem-id=1458:4131',
            resultText: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,iommugroup=2,subsystem-id=1458:4131\n',
          },
        ],
        hasNot: ['id', 'path', 'node'],
      },
      host,
    );
  });

  test('ids and group come from the device at the path', () => {
    const line = (key: string): string => `gpu\n\tmap node=pve1,path=0000:01:00.0,${key}=¦\n`;
    checkCompletion(mapping, line('id'), { order: ['10de:2584'] }, host);
    checkCompletion(mapping, line('subsystem-id'), { order: ['1458:4131'] }, host);
    checkCompletion(mapping, line('iommugroup'), { order: ['2'] }, host);
    checkCompletion(mapping, 'gpu\n\tmap node=pve1,id=¦', { has: ['10de:2584', '8086:1539'] }, host);
  });

  test('path: functions, whole devices, and behind a semicolon the same card first', () => {
    const text = 'gpu\n\tmap node=pve1,path=¦,id=10de:2584\n';
    checkCompletion(mapping, text, { has: ['0000:01:00.0', { label: '0000:01:00', detail: 'all functions' }] }, host);
    const found = checkCompletion(
      mapping,
      'gpu\n\tmap node=pve1,path=0000:01:00.0;¦',
      { hasNot: ['0000:01:00.0'] },
      host,
    );
    const first = [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))[0];
    assert.equal(first?.label, '0000:01:00');
  });

  test('nothing about the devices of a node that is not known', () => {
    checkCompletion(mapping, 'gpu\n\tmap node=pve9,path=¦', { count: 0 }, host);
    checkCompletion(mapping, 'gpu\n\tmap node=pve9,path=¦', { count: 0 });
  });

  test('nodes: hosts seen and members of the cluster', () => {
    checkCompletion(mapping, 'gpu\n\tmap node=¦', { order: ['pve1'] }, host);
    checkCompletion(mapping, 'stick\n\tmap node=p¦,id=1234:5678', { order: ['pve1'] }, { ...usb, ...host });
  });

  test('each node of a cluster offers its own devices', () => {
    const text = 'gpu\n\tmap node=pve2,path=¦';
    const site = openSite(text, { language: mapping, host: demoHost() });
    const other = parseSnapshot(
      'hostpci snapshot 1\n== host: ok\nnode: pve2\n== pci functions: ok\n0000:41:00.0\n  vendor: 10de\n  device: 2204\n  class: 0300\n== end\n',
    );
    const world = withSnapshot(site.world, { uri: `${siteRoot}/pve2.snapshot`, root: siteRoot, inventory: other });
    const around = surroundingsOf(world, site.file, library);
    const at = readMarks(text).cursor ?? { line: 0, column: 0 };
    assert.equal(around.inventory, undefined);
    assert.deepEqual(
      mapping.complete?.(site.file, at, around).map(({ label }) => label),
      ['0000:41:00.0'],
    );
    assert.deepEqual(around.nodes, ['pve1', 'pve2']);
  });

  test('comments and complete values are left alone', () => {
    checkCompletion(mapping, '# ¦', { count: 0 }, host);
    checkCompletion(mapping, 'gpu\n\tmap node=pve1  ¦', { count: 0 }, host);
  });
});
