import assert from 'node:assert/strict';
import type { Language } from '../../../server/languages/language.ts';
import { contentOf } from '../../../server/languages/storage/config.ts';
import { storage as typed } from '../../../server/languages/storage/storage.ts';
import { contentDocs, storageTypes } from '../../../server/languages/storage/types.ts';
import { parseSectionConfig } from '../../../server/syntax/sectionConfig.ts';
import { toLines } from '../../../server/text/lines.ts';
import { checkCompletion, checkHover, openSite } from '../../support/check.ts';

const storage: Language = typed;
const text =
  'dir: local\n\tpath /var/lib/vz\n\tcontent iso,vztmpl\n\nlvmthin: local-lvm\n\tthinpool data\n\tvgname pve\n';

suite('storage.cfg', () => {
  test('names: a definition for each storage, which cannot be renamed', () => {
    const { file } = openSite(`${text}\ndir: x\n`, { language: storage });
    assert.deepEqual(
      storage
        .names?.(file)
        .map(({ kind, name, role, scope, renamable, span }) => [
          kind,
          name,
          role,
          scope,
          renamable,
          span.line,
          span.start,
        ]),
      [
        ['storage', 'local', 'definition', 'cluster', false, 0, 5],
        ['storage', 'local-lvm', 'definition', 'cluster', false, 4, 9],
      ],
    );
  });

  test('what a storage holds: as it says, else what its type holds', () => {
    const tree = parseSectionConfig(toLines(`${text}\nNFS: nas\n\nfoo: bar\n`), 'type: id');
    assert.deepEqual(
      tree.sections.map(section => contentOf(tree, section)),
      [['iso', 'vztmpl'], ['images', 'rootdir'], ['images'], undefined],
    );
  });

  test('completion of types, keys, contents and nodes', () => {
    checkCompletion(storage, '¦', {
      has: ['zfspool', { label: 'lvmthin', resultText: `lvmthin: \${1:name}\n\tvgname $2\n\tthinpool $3` }],
    });
    checkCompletion(storage, 'lvmthin: local-lvm\n\tvgname pve\n\t¦', {
      has: ['thinpool', 'content'],
      hasNot: ['vgname', 'path'],
    });
    checkCompletion(storage, 'dir: local\ncon¦', { has: [{ label: 'content', resultText: 'dir: local\n\tcontent ' }] });
    checkCompletion(storage, 'dir: local\n\tcontent iso,¦', { has: ['images', 'snippets'], hasNot: ['iso'] });
    checkCompletion(storage, 'pbs: bak\n\tcontent ¦', { order: ['backup', 'none'] });
    checkCompletion(storage, 'dir: local\n\tnodes ¦', { order: ['pve1'] }, { host: true });
    checkCompletion(storage, '# ¦', { count: 0 });
  });

  test('hover: the storage, and the properties that say most about it', () => {
    checkHover(storage, 'lvmthin: «local¦-lvm»\n\tvgname pve\n', [/thin pool/, /images, rootdir/]);
    checkHover(storage, 'dir: local\n\t«con¦tent» iso\n', [/commas/]);
    checkHover(storage, 'dir: local\n\tfoo¦ iso\n', undefined);
  });

  test('symbols and folds', () => {
    const { file } = openSite(text, { language: storage });
    assert.deepEqual(
      storage.symbols?.(file).map(({ name, detail }) => [name, detail]),
      [
        ['local', 'dir'],
        ['local-lvm', 'lvmthin'],
      ],
    );
    assert.deepEqual(storage.folds?.(file), [
      { from: 0, to: 2 },
      { from: 4, to: 6 },
    ]);
  });

  test('the table of types: what a type holds by default is among what it can hold', () => {
    for (const [type, { usual, content, needed, optional }] of Object.entries(storageTypes)) {
      for (const word of usual) assert.ok(content.includes(word), `${type}: ${word}`);
      for (const word of content) assert.ok(contentDocs[word], word);
      const keys = [...needed, ...optional];
      assert.equal(new Set(keys).size, keys.length, type);
    }
  });
});
