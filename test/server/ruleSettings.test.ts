import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compileGlobs, globFault } from '../../server/rules/globs.ts';
import { rules } from '../../server/rules/index.ts';
import { firstOf, readRuleSettings } from '../../server/rules/ruleSettings.ts';
import { readConfig, ruleIds } from '../../server/services/siteConfig.ts';
import { readSettings } from '../../server/settings.ts';
import { readJson } from '../../server/text/json.ts';
import { renderConfigSchema } from '../tools/configSchema.ts';

const rule = 'modprobe/ids-unknown-device';
const file = 'file:///srv/hosts/pve1/etc/modprobe.d/vfio.conf';

suite('severities by rule and file', () => {
  const severity = async (chosen: unknown, uri = file, id = rule) =>
    (await readRuleSettings(chosen, ruleIds)).settings.severityOf(id, uri);

  test('a rule, its area, all', async () => {
    assert.equal(await severity({ [rule]: 'error' }), 'error');
    assert.equal(await severity({ 'modprobe/*': 'hint' }), 'hint');
    assert.equal(await severity({ '*': 'info' }), 'info');
    assert.equal(await severity({ [rule]: 'error', 'modprobe/*': 'hint', '*': 'off' }), 'error');
    assert.equal(await severity({ 'modprobe/*': 'hint', '*': 'off' }), 'hint');
    assert.equal(await severity({ 'cmdline/*': 'off' }), undefined);
    assert.equal(await severity({}), undefined);
    assert.equal(await severity(undefined), undefined);
  });

  test('by file: the last entry that is about it counts; else the area, else the default', async () => {
    const rules = {
      [rule]: [{ files: '**/old/**', severity: 'off' }],
      'modprobe/*': [
        'warning',
        { files: ['pve1/**', 'pve2/**'], severity: 'info' },
        { files: '**/b.conf', severity: 'hint' },
      ],
    };
    assert.equal(await severity(rules, 'file:///srv/old/etc/modprobe.d/b.conf'), 'off');
    assert.equal(await severity(rules, 'file:///srv/pve1/etc/modprobe.d/a.conf'), 'info');
    assert.equal(await severity(rules, 'file:///srv/pve2/etc/modprobe.d/b.conf'), 'hint');
    assert.equal(await severity(rules, 'file:///srv/pve3/etc/modprobe.d/a.conf'), 'warning');
    assert.equal(await severity({ [rule]: { files: 'old/**', severity: 'off' } }), undefined);
    assert.equal(await severity({ [rule]: [{ files: '**', severity: 'off' }, 'error'] }), 'error');
  });

  test('a slip is told, with the nearest name, and leaves the rest as it is', async () => {
    const cases: readonly (readonly [rules: unknown, says: RegExp])[] = [
      [
        { 'modprobe/ids-unknow-device': 'off' },
        /"modprobe\/ids-unknow-device": there is no such rule; did you mean "modprobe\/ids-unknown-device"\?/,
      ],
      [{ 'modprob/*': 'off' }, /did you mean "modprobe\/\*"\?/],
      [{ [rule]: 'warn' }, /"warn" is no severity \(error, warning, info, hint, off\)/],
      [{ [rule]: 'of' }, /did you mean "off"\?/],
      [{ [rule]: false }, /false is no severity/],
      [{ [rule]: null }, /null is no severity/],
      [{ [rule]: { files: '**' } }, /no severity is given/],
      [{ [rule]: { severity: 'off' } }, /"files" must be a glob or a list of globs/],
      [{ [rule]: { severity: 'off', files: [] } }, /"files" must be/],
      [{ [rule]: { severity: 'off', files: [1] } }, /"files" must be/],
      [{ [rule]: { severity: 'off', files: ['a', ''] } }, /the glob "" is empty/],
      [{ [rule]: { severity: 'off', files: '!a' } }, /starts with !/],
      [{ [rule]: { severity: 'off', files: 'a\\b' } }, /backslash/],
      [{ [rule]: { severity: 'off', file: '**' } }, /"file" is not known here/],
      [{ [rule]: ['x', { files: 1, severity: 'off' }] }, /entry 2: "files"/],
      ['off', /rules: must be an object/],
      [['off'], /rules: must be an object/],
      [null, /rules: must be an object/],
    ];
    for (const [rules, says] of cases) {
      const read = await readRuleSettings(rules, ruleIds);
      assert.match(read.problems.join('\n'), says);
      assert.equal(read.settings.severityOf(rule, file), undefined, JSON.stringify(rules));
    }
    assert.equal(await severity({ [rule]: ['error', 'of'] }), 'error', 'the good entry of a list stays');
    assert.deepEqual((await readRuleSettings({ [rule]: 'off', '*': 'hint' }, ruleIds)).problems, []);
  });

  test('names of JavaScript are no rules', async () => {
    for (const name of ['__proto__', 'constructor', 'toString/*']) {
      const rules = JSON.parse(`{"${name}": "off"}`) as unknown;
      assert.equal((await readRuleSettings(rules, ruleIds)).problems.length, 1, name);
    }
  });

  test('the first settings that say something count', async () => {
    const { settings: one } = await readRuleSettings({ [rule]: 'error' }, ruleIds);
    const { settings: two } = await readRuleSettings({ '*': 'off' }, ruleIds);
    assert.equal(firstOf(one, two).severityOf(rule, file), 'error');
    assert.equal(firstOf(one, two).severityOf('cmdline/duplicate', file), 'off');
  });

  test('the editor keeps its defaults and tells', async () => {
    const settings = await readSettings({ rules: { [rule]: 'nope', 'cmdline/*': 'off' }, assumedVersion: 'new' });
    assert.equal(settings.rules.severityOf(rule, file), undefined);
    assert.equal(settings.rules.severityOf('cmdline/efifb-off-noop', file), 'off');
    assert.equal(settings.problems.length, 2);
    assert.match(settings.problems.join('\n'), /setting hostpci\.rules, .*\nsetting hostpci\.assumedVersion: "new"/);
    for (const sent of [undefined, null, {}, { rules: {}, assumedVersion: '' }, { rules: null }]) {
      assert.deepEqual((await readSettings(sent)).problems, []);
    }
  });
});

suite('globs', () => {
  const matches = async (glob: string, uri: string, directory?: string): Promise<boolean> => {
    assert.equal(globFault(glob), undefined);
    const test = await compileGlobs([glob], directory);
    return test(uri);
  };

  test('in any folder, or with / from the top', async () => {
    assert.ok(await matches('vfio.conf', file));
    assert.ok(await matches('modprobe.d/*', file));
    assert.ok(await matches('**/pve1/**', file));
    assert.ok(await matches('{pve1,pve2}/**', file));
    assert.ok(await matches('/srv/hosts/**', file));
    assert.ok(await matches('.old/**', 'file:///srv/.old/etc/modules'));
    assert.ok(await matches('a/**', 'file:///a/.hidden/etc/modules'));
    assert.ok(!(await matches('/hosts/**', file)));
    assert.ok(!(await matches('pve1', file)));
    assert.ok(!(await matches('*/vfio.conf/x', file)));
  });

  test('of a hostpci.json: below its folder', async () => {
    const directory = 'file:///srv/hosts';
    assert.ok(await matches('/pve1/**', file, directory));
    assert.ok(await matches('etc/**', file, directory));
    assert.ok(!(await matches('srv/**', file, directory)), 'what is above does not count');
    assert.ok(!(await matches('/pve1/**', 'file:///other/pve1/etc/modules', directory)));
    assert.ok(await matches('pve1/**', 'file:///other/pve1/etc/modules', directory));
  });

  test('blanks and other letters in paths', async () => {
    assert.ok(await matches('alte größe/**', 'file:///srv/alte%20gr%C3%B6%C3%9Fe/etc/modules'));
    assert.ok(await matches('100%/**', 'file:///srv/100%/etc/modules'), 'a path that is no URI is no error');
  });

  test('those that could take for ever are refused, and the others come to an end', async () => {
    assert.ok(globFault('*a*a*a*a'));
    assert.ok(globFault('*/'.repeat(9)));
    assert.ok(globFault('x'.repeat(201)));
    for (const glob of [
      '*a*a*b',
      '**/a/**/a/**/a/**/b',
      '**/**/**/**/**/x',
      '+(a|aa)*b',
      '{a,aa}{a,aa}{a,aa}*b',
      '((a*)*b',
    ]) {
      if (globFault(glob) !== undefined) continue;
      const test = await compileGlobs([glob]);
      assert.equal(test(`file:///${'a'.repeat(255)}/${'a/'.repeat(60)}`), false, glob);
    }
  });
});

suite('hostpci.json', () => {
  const uri = 'file:///srv/hosts/hostpci.json';

  test('severities and the version to assume', async () => {
    const config = await readConfig(
      uri,
      '\ufeff{"$schema": "x", "rules": {"*": {"files": "/pve1/**", "severity": "off"}}, "assumedVersion": "8.4.1"}',
    );
    assert.deepEqual(config.problems, []);
    assert.equal(config.rules.severityOf(rule, file), 'off');
    assert.equal(config.rules.severityOf(rule, 'file:///srv/hosts/pve2/etc/modules'), undefined);
    assert.equal(config.assumedVersions?.qemuServer, '8.4.1');
  });

  test('what is wrong is told with its place or the nearest name', async () => {
    const problems = async (text: string): Promise<string> => (await readConfig(uri, text)).problems.join('\n');
    assert.match(await problems('{"rule": {}}'), /"rule" is not known; did you mean "rules"\?/);
    assert.match(await problems('{"severity": {}}'), /"severity" is not known \(there are/);
    assert.match(await problems('{"assumedVersion": 8}'), /assumedVersion: 8 is no version/);
    assert.match(
      await problems('{\n "rules": {},\n}'),
      /is not JSON: expected double-quoted property name at line 3, column 1/,
    );
    assert.match(await problems('[]'), /must be an object/);
  });

  test('the schema for editors is what the rules say', () => {
    const schema = readFileSync(new URL('../../schemas/hostpci.schema.json', import.meta.url), 'utf8');
    assert.equal(schema, renderConfigSchema(rules), 'run: npm run docs');
  });

  test("the schema of the editor's setting takes what the reader takes", () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const [pattern] = Object.keys(manifest.contributes.configuration.properties['hostpci.rules'].patternProperties);
    const names = ['*', ...ruleIds, ...ruleIds.map(id => `${id.slice(0, id.indexOf('/'))}/*`)];
    assert.deepEqual(
      names.filter(name => !new RegExp(pattern ?? '').test(name)),
      [],
    );
    for (const name of ['', 'modprobe', '/x', 'Modprobe/x', 'a/b/c'])
      assert.doesNotMatch(name, new RegExp(pattern ?? ''));
  });

  test('the place in broken JSON', () => {
    const cases: readonly (readonly [text: string, place: string])[] = [
      ['', 'line 1, column 1'],
      ['{', 'line 1, column 2'],
      ['{"a": x, "b": 1}', 'line 1, column 7'],
      ['{"a":\n trux}', 'line 2, column 5'],
      ['[1\n 2]', 'line 2, column 2'],
      ['{"a": 1}\n}', 'line 2, column 1'],
      ['{"a": "x\ny"}', 'line 1, column 9'],
    ];
    for (const [text, place] of cases) {
      const read = readJson(text);
      assert.ok('problem' in read && read.problem.endsWith(place), JSON.stringify([text, read]));
    }
    assert.deepEqual(readJson('{"a": [1]}'), { value: { a: [1] } });
  });
});
