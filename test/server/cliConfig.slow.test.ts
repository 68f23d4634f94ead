import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckResult } from '../../server/cli/checkOutput.ts';
import { createLanguageService } from '../../server/languageService.ts';
import { nodeFiles } from '../../server/nodeFiles.ts';
import { readSettings } from '../../server/settings.ts';
import { library } from '../support/check.ts';
import { type CliFolder, cliFolder } from '../support/cliFolder.ts';

const rule = 'hostpci/pcie-needs-q35';

suite('hostpci.json', () => {
  let folder: CliFolder;
  setup(() => {
    folder = cliFolder();
    folder.write(conf(1), bad);
    folder.write(conf(2), bad);
  });
  teardown(() => folder.remove());

  const conf = (host: number): string => `hosts/pve${host}/etc/pve/qemu-server/100.conf`;
  const bad = 'hostpci0: 0000:01:00,pcie=1\n';
  const severities = (...args: readonly string[]): Readonly<Record<string, string>> => {
    const { stdout, stderr } = folder.run('check', '--format', 'json', ...args);
    assert.equal(stderr, '');
    const found = (JSON.parse(stdout) as CheckResult).findings.filter(one => one.rule === rule);
    return Object.fromEntries(found.map(one => [one.file, one.severity]));
  };
  const config = (path: string, value: unknown): void => folder.write(path, JSON.stringify(value));

  test('above the hosts, by file; the nearest counts alone', () => {
    config('hosts/hostpci.json', { rules: { [rule]: ['warning', { files: '/pve1/**', severity: 'hint' }] } });
    assert.deepEqual(severities('hosts'), { [conf(1)]: 'hint', [conf(2)]: 'warning' });
    assert.equal(folder.run('check', 'hosts').status, 0, 'no error is left');
    assert.deepEqual(severities(conf(1)), { [conf(1)]: 'hint' });
    assert.deepEqual(severities('hosts/pve2/etc/pve'), { [conf(2)]: 'warning' });
    config('hosts/pve2/hostpci.json', { rules: {} });
    assert.deepEqual(severities('hosts'), { [conf(1)]: 'hint', [conf(2)]: 'error' });
    config('hosts/pve2/etc/hostpci.json', { rules: { '*': 'off' } });
    assert.deepEqual(severities('hosts'), { [conf(1)]: 'hint' });
  });

  test('--config FILE instead', () => {
    config('hosts/hostpci.json', { rules: { '*': 'off' } });
    config('ci/strict.json', { rules: { [rule]: 'info' } });
    assert.deepEqual(severities('--config', 'ci/strict.json', 'hosts'), { [conf(1)]: 'info', [conf(2)]: 'info' });
    const gone = folder.run('check', '--config', 'gone.json', 'hosts');
    assert.equal(gone.status, 2);
    assert.match(gone.stderr, /gone\.json: cannot be read \(ENOENT\)/);
  });

  test('a slip ends the run: file, place, what was meant', () => {
    const cases: readonly (readonly [text: string, says: RegExp])[] = [
      [
        '{"rules": {"hostpci/pcie-need-q35": "off"}}',
        /hosts\/hostpci\.json: rules, "hostpci\/pcie-need-q35": .*did you mean "hostpci\/pcie-needs-q35"/,
      ],
      ['{"rule": {}}', /hosts\/hostpci\.json: "rule" is not known; did you mean "rules"/],
      [`{"rules": {"${rule}": "of"}}`, /"of" is no severity .*did you mean "off"/],
      ['{"rules": {}', /hosts\/hostpci\.json: is not JSON: .* line 1, column 13/],
    ];
    for (const [text, says] of cases) {
      folder.write('hosts/hostpci.json', text);
      const done = folder.run('check', 'hosts');
      assert.equal(done.status, 2, text);
      assert.match(done.stderr, says);
      assert.equal(done.stdout, '');
      assert.equal(done.stderr.trimEnd().split('\n').length, 1, 'said once, however many hosts');
    }
  });

  test('the version to assume is that of the site', () => {
    // viommu and aw-bits are newer than the version that one of the two sites says.
    const old = 'machine: q35,viommu=intel,aw-bits=39\n';
    folder.write(conf(1), old);
    folder.write(conf(2), old);
    const found = (): readonly string[] =>
      (JSON.parse(folder.run('check', '--format', 'json', 'hosts').stdout) as CheckResult).findings.map(
        one => `${one.file} ${one.rule} ${one.message}`,
      );
    const newer = (): readonly string[] => found().filter(one => one.includes('vmconf/newer-than-host'));
    assert.deepEqual(newer(), []);
    config('hosts/pve1/hostpci.json', { assumedVersion: '7.0.1' });
    assert.equal(newer().length, 2);
    assert.ok(newer().every(one => one.startsWith(conf(1))));
  });

  test('the editor honours it, before its own settings, and reads it again when it changes', async () => {
    const told: string[] = [];
    const service = createLanguageService({ files: nodeFiles(), library, log: { error: text => told.push(text) } });
    const uri = pathToFileURL(join(folder.path, conf(1))).href;
    const configUri = pathToFileURL(join(folder.path, 'hosts/hostpci.json')).href;
    const severity = (): number | undefined => service.diagnostics(uri).find(one => one.code === rule)?.severity;
    service.configure(await readSettings({ rules: { [rule]: 'info' } }));
    await service.open(uri, 'pve-vm-conf', 1, bad);
    assert.equal(severity(), 3);
    config('hosts/hostpci.json', { rules: { [rule]: { files: 'pve1/**', severity: 'hint' } } });
    await service.refresh(configUri);
    assert.equal(severity(), 4);
    folder.write('hosts/hostpci.json', '{"rules": {');
    await service.refresh(configUri);
    await service.refresh(configUri);
    assert.equal(severity(), 3, 'a file that cannot be read says nothing');
    assert.equal(told.length, 1, told.join('\n'));
    assert.match(told[0] ?? '', /hostpci\.json: is not JSON/);
    service.configure(await readSettings({ rules: { nope: 'off' } }));
    service.configure(await readSettings({ rules: { nope: 'off' } }));
    assert.equal(told.length, 2, 'a slip in the settings is logged once');
    assert.equal(severity(), 1);
  });
});
