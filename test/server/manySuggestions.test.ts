import assert from 'node:assert/strict';
import { modprobe } from '../../server/languages/modprobe/modprobe.ts';
import { mostNames } from '../../server/languages/modprobe/narrow.ts';
import { knownModules } from '../../server/languages/modprobe/parameterDocs.ts';
import { completions } from '../../server/services/features.ts';
import { around, library, openSite } from '../support/check.ts';
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
    assert.equal(items.length, mostNames);
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

  test('whoever types on comes to every module, by either spelling', () => {
    const names = knownModules(library).filter((name, index) => index % 40 === 0 || name === 'snd');
    assert.ok(names.length > 100 && names.includes('snd'));
    for (const [index, name] of names.entries()) {
      const spelled = index % 2 === 0 ? name : name.replaceAll('_', '-');
      for (let typed = 0; typed <= spelled.length; typed++) {
        const { isIncomplete, items } = complete(`blacklist ${spelled.slice(0, typed)}¦\n`);
        const isThere = items.some(item => item.label.replaceAll('-', '_') === name.replaceAll('-', '_'));
        assert.ok(isThere || (isIncomplete && typed < spelled.length), `${spelled}, ${typed} letters typed`);
      }
    }
  });

  test('the best ones come first: the name itself, what starts so, words that start so', () => {
    const labels = complete('blacklist snd¦\n').items.map(item => item.label);
    assert.equal(labels[0], 'snd');
    assert.ok(labels.every(label => label.startsWith('snd')));
    const hda = complete('blacklist hda¦\n').items.map(item => item.label);
    const places = ['snd_hda_intel', 'hid_alps'].map(label => hda.indexOf(label));
    assert.ok((places[0] as number) >= 0 && (places[0] as number) < (places[1] as number), places.join(' '));
  });

  test('few of them: all, and the editor filters by itself', () => {
    const { isIncomplete, items } = complete('¦\n');
    assert.ok(items.length > 0);
    assert.equal(isIncomplete, false);
  });
});
