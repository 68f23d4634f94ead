import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../server/cli/checkOutput.ts';
import { type CliFolder, cliFolder } from '../support/cliFolder.ts';

suite('hostpci check --baseline', () => {
  let folder: CliFolder;
  setup(() => {
    folder = cliFolder();
  });
  teardown(() => folder.remove());

  const conf = (id: number): string => `pve1/etc/pve/qemu-server/${id}.conf`;
  const bad = 'hostpci0: 0000:01:00,pcie=1\n';
  const json = (...args: readonly string[]): CheckResult =>
    JSON.parse(folder.run('check', '--format', 'json', ...args).stdout) as CheckResult;
  const rulesIn = (result: CheckResult): readonly string[] => result.findings.map(one => `${one.file} ${one.rule}`);
  const entries = (): readonly Record<string, unknown>[] => JSON.parse(folder.read('known.json')).findings;
  const update = (...paths: readonly string[]) =>
    folder.run('check', '--baseline', 'known.json', '--update-baseline', ...paths);

  test('what is known is not shown and does not count; what is new does', () => {
    folder.write(conf(100), `cores: 2\n${bad}`);
    const total = json('pve1').findings.length;
    const written = update('pve1');
    assert.equal(written.status, 0, written.stderr);
    assert.match(written.stdout, new RegExp(`1 file, 0 findings, 0 of them errors, ${total} in the baseline\n$`));
    const known = folder.run('check', '--baseline', 'known.json', 'pve1');
    assert.equal(known.status, 0);
    assert.doesNotMatch(known.stdout, /pcie-needs-q35|no longer/);

    folder.write(conf(100), `# edited above\n\ncores: 2\n${bad}hostpci1: 0000:02:00,pcie=1\n`);
    const result = json('--baseline', 'known.json', 'pve1');
    assert.deepEqual(result.baseline, { suppressed: total, stale: 0 });
    const fresh = result.findings.filter(one => one.rule === 'hostpci/pcie-needs-q35');
    assert.deepEqual(
      fresh.map(one => one.line),
      [5],
    );
    assert.equal(folder.run('check', '--baseline', 'known.json', 'pve1').status, 1);
  });

  test('of several alike as many are known as were written', () => {
    folder.write('vm.conf', 'bogus: 1\nbogus: 1\n');
    const check = (): CheckResult => json('--language', 'pve-vm-conf', '--baseline', 'known.json', 'vm.conf');
    const all = check().findings.filter(one => one.rule === 'vmconf/unknown-key');
    assert.equal(all.length, 2);
    assert.equal(update('--language', 'pve-vm-conf', 'vm.conf').status, 0);
    assert.deepEqual(entries().find(one => one.rule === 'vmconf/unknown-key')?.count, 2);
    assert.deepEqual(check().findings, []);
    folder.write('vm.conf', 'bogus: 1\nbogus: 1\nbogus: 1\n');
    assert.equal(check().findings.filter(one => one.rule === 'vmconf/unknown-key').length, 1);
  });

  test('what is gone is told and is no error; an update forgets it', () => {
    folder.write(conf(100), bad);
    folder.write(conf(101), bad.replace('01:00', '02:00'));
    update('pve1');
    folder.write(conf(101), 'cores: 2\n');
    const done = folder.run('check', '--baseline', 'known.json', 'pve1');
    assert.equal(done.status, 0);
    assert.match(
      done.stdout,
      /\d+ entr(?:y|ies) of the baseline (?:is|are) no longer found: update it with --baseline known\.json --update-baseline/,
    );
    assert.doesNotMatch(folder.run('check', '--baseline', 'known.json', conf(100)).stdout, /no longer/);
    update('pve1');
    assert.ok(entries().every(one => one.file === conf(100)));
    assert.equal(json('--baseline', 'known.json', 'pve1').baseline?.stale, 0);
  });

  test('an update of a part leaves the other entries', () => {
    folder.write(conf(100), bad);
    folder.write(conf(101), bad);
    update('pve1');
    const before = folder.read('known.json');
    folder.write(conf(101), 'cores: 2\n');
    update(conf(101));
    assert.ok(entries().length > 0 && entries().every(one => one.file === conf(100)));
    folder.write(conf(101), bad);
    update(conf(101));
    assert.equal(folder.read('known.json'), before, 'and the same findings make the same text');
    const at = statSync(join(folder.path, 'known.json')).mtimeMs;
    update('pve1');
    assert.equal(statSync(join(folder.path, 'known.json')).mtimeMs, at, 'nothing new: not written');
  });

  test('one sorted entry a line, paths relative to the baseline with slashes', () => {
    folder.write(conf(101), bad);
    folder.write(conf(100), bad);
    folder.run('check', '--baseline', 'pve1/known.json', '--update-baseline', 'pve1');
    const lines = folder.read('pve1/known.json').split('\n');
    assert.deepEqual(lines.slice(0, 3), ['{', '  "version": 1,', '  "findings": [']);
    assert.deepEqual(lines.slice(-4), [lines.at(-4), '  ]', '}', '']);
    const found = lines.slice(3, -3).map(line => JSON.parse(line.replace(/,$/, '')));
    assert.deepEqual(Object.keys(found[0]), ['file', 'rule', 'text', 'count']);
    assert.equal(found[0].file, 'etc/pve/qemu-server/100.conf');
    const keys = found.map(one => `${one.file} ${one.rule}`);
    assert.deepEqual(keys, [...keys].sort());
    assert.ok(keys.length >= 2);
    assert.equal(json('--baseline', 'pve1/known.json', 'pve1').findings.length, 0);
  });

  test('in a kernel command line other words may change', () => {
    folder.write('pve1/etc/kernel/cmdline', 'root=ZFS=rpool/ROOT/pve-1 boot=zfs amd_iommu=on quiet\n');
    update('pve1');
    folder.write('pve1/etc/kernel/cmdline', 'root=ZFS=rpool/ROOT/pve-1 boot=zfs mitigations=auto amd_iommu=on\n');
    assert.ok(!rulesIn(json('--baseline', 'known.json', 'pve1')).some(one => one.includes('amd-iommu-on-noop')));
    assert.ok(rulesIn(json('pve1')).some(one => one.includes('amd-iommu-on-noop')));
  });

  test('what is in the baseline is not fixed either', () => {
    folder.write('100.conf', 'onboot: 1\nonboot: 1\n');
    update('100.conf');
    folder.run('check', '--fix', '--baseline', 'known.json', '100.conf');
    assert.equal(folder.read('100.conf'), 'onboot: 1\nonboot: 1\n');
  });

  test('there is none yet: all is shown', () => {
    folder.write(conf(100), bad);
    assert.deepEqual(json('--baseline', 'known.json', 'pve1').findings, json('pve1').findings);
  });

  test('a baseline that cannot be read: what, where and what to do; exit code 2, and an update does not destroy it', () => {
    folder.write(conf(100), bad);
    const cases: readonly (readonly [text: string, says: RegExp])[] = [
      ['{\n  "version": 1,\n<<<<<<< HEAD\n', /known\.json: the baseline is not JSON: .* at line 3, column 1\./],
      ['{"version": 1, "findings": [x]}', /at line 1, column 29\./],
      ['', /is not JSON: unexpected end of JSON input at line 1, column 1/],
      ['[]', /has no "version"/],
      ['{"version": 2, "findings": []}', /has version 2, and this hostpci reads version 1/],
      ['{"version": 1}', /has no list "findings"/],
      ['{"version": 1, "findings": [{"file":"a","rule":"b","text":"c","count":0}]}', /bad entry, number 1/],
      ['{"version": 1, "findings": [{"file":"a","rule":"b","text":"c","count":1}, null]}', /bad entry, number 2/],
    ];
    for (const [index, [text, says]] of cases.entries()) {
      folder.write('known.json', text);
      for (const more of index === 0 ? [[], ['--update-baseline']] : [[]]) {
        const done = folder.run('check', '--baseline', 'known.json', ...more, 'pve1');
        assert.equal(done.status, 2, text);
        assert.match(done.stderr, says);
        assert.match(done.stderr, /--update-baseline/);
        assert.equal(folder.read('known.json'), text);
      }
    }
    assert.match(folder.run('check', '--update-baseline', 'pve1').stderr, /--baseline FILE/);
    assert.equal(folder.run('check', '--baseline', 'none/known.json', '--update-baseline', 'pve1').status, 2);
  });
});
