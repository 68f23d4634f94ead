import assert from 'node:assert/strict';
import { modprobe } from '../../server/languages/modprobe/modprobe.ts';
import { completions } from '../../server/services/features.ts';
import { around, openSite } from '../support/check.ts';
import { readMarks } from '../support/marked.ts';

/** Of thousands of kernel modules an editor gets what fits, and asks again. */
suite('completion with very many suggestions', () => {
  const complete = (text: string) => {
    const site = openSite(text, { language: modprobe });
    const { cursor } = readMarks(site.marked.get(site.file.uri) ?? '');
    assert.ok(cursor);
    return completions(modprobe, site.file, cursor, around(site));
  };

  test('nothing typed: the first ones, and the editor is told that there are more', () => {
    const { isIncomplete, items } = complete('blacklist ¦\n');
    assert.equal(items.length, 200);
    assert.equal(isIncomplete, true);
  });

  test('some of it typed: those that have the characters in their order, however many others there are', () => {
    const { isIncomplete, items } = complete('blacklist sndhdaintel¦\n');
    assert.deepEqual(
      items.map(item => item.label).filter(label => label === 'snd_hda_intel'),
      ['snd_hda_intel'],
    );
    assert.ok(items.length < 20, `${items.length}`);
    assert.equal(isIncomplete, true);
  });

  test('few of them: all, and the editor filters by itself', () => {
    const { isIncomplete, items } = complete('¦\n');
    assert.ok(items.length > 0);
    assert.equal(isIncomplete, false);
  });
});
