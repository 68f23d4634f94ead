import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../..', import.meta.url));
const program = join(top, 'dist/hostpci.mjs');

interface Result {
  readonly version: number;
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly fixes: readonly string[];
  }[];
  readonly gaps: readonly string[];
}

suite('hostpci check', () => {
  let folder: string;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostpci-cli-'));
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder });
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const json = (...args: string[]): Result => JSON.parse(run('check', '--format', 'json', ...args).stdout) as Result;

  test('one file: place, rule and fixes; exit code 1', () => {
    write('qemu-server/100.conf', 'machine: pc\nhostpci0: 0000:01:00,pcie=1\n');
    const { status } = run('check', 'qemu-server/100.conf');
    assert.equal(status, 1);
    const result = json('qemu-server/100.conf');
    assert.equal(result.version, 1);
    const found = result.findings.find(one => one.rule === 'hostpci/pcie-needs-q35');
    assert.ok(found, JSON.stringify(result));
    const { file, line, column, endLine, endColumn, severity, fixes } = found;
    assert.deepEqual(
      { file, line, endLine, severity },
      { file: 'qemu-server/100.conf', line: 2, endLine: 2, severity: 'error' },
    );
    assert.equal('hostpci0: 0000:01:00,pcie=1'.slice(column - 1, endColumn - 1), '1');
    assert.ok(fixes.length > 0);
  });

  test('a clean file: exit code 0, and the gap says what could not be judged', () => {
    write('100.conf', 'machine: q35\nmemory: 2048\n');
    const done = run('check', '100.conf', '--format', 'json');
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.deepEqual((JSON.parse(done.stdout) as Result).findings, []);
    assert.equal((JSON.parse(done.stdout) as Result).gaps.length, 1);
  });

  test('columns count UTF-16 units', () => {
    write('qemu-server/100.conf', 'description: \u{1F600}\nhostpci0: 01:00,\u{1F600}=1,pcie=1\n');
    const columns = json('qemu-server/100.conf').findings.map(one => [one.line, one.column]);
    assert.ok(
      columns.some(([line, column]) => line === 2 && column === 'hostpci0: 01:00,'.length + 1),
      JSON.stringify(columns),
    );
  });

  test('a folder of copies: every directory with an etc/ is a host of its own', () => {
    write('hosts/a/etc/pve/qemu-server/100.conf', 'hostpci0: 01:00,pcie=1\n');
    write('hosts/b/etc/pve/nodes/pve2/qemu-server/200.conf', 'hostpci0: 01:00,pcie=1\n');
    write('hosts/b/etc/pve/nodes/pve3/qemu-server/300.conf', 'machine: q35\n');
    const files = new Set(
      json('hosts')
        .findings.filter(one => one.rule === 'hostpci/pcie-needs-q35')
        .map(one => one.file),
    );
    assert.deepEqual([...files].sort(), [
      'hosts/a/etc/pve/qemu-server/100.conf',
      'hosts/b/etc/pve/nodes/pve2/qemu-server/200.conf',
    ]);
  });

  test('a snapshot beside the etc/, and one that is handed in, are used', () => {
    write('pve1/etc/modprobe.d/vfio.conf', 'options vfio-pci ids=dead:beef\n');
    const unknown = (result: Result): boolean =>
      result.findings.some(one => one.rule === 'modprobe/ids-unknown-device');
    assert.equal(unknown(json('pve1')), false);
    const snapshot = join(top, 'test/snapshots/demo.snapshot');
    assert.equal(unknown(json('pve1', '--snapshot', snapshot)), true);
    copyFileSync(snapshot, join(folder, 'pve1/pve1.snapshot'));
    assert.equal(unknown(json('pve1')), true);
    assert.equal(unknown(json('pve1/etc/modprobe.d')), true);
    assert.equal(unknown(json('pve1/etc/modprobe.d/vfio.conf')), true);
  });

  test('what cannot run says what and why: exit code 2', () => {
    const cases: readonly (readonly [args: readonly string[], says: RegExp])[] = [
      [['check', 'nothing.conf'], /nothing\.conf: no such file/],
      [['check'], /path/],
      [['check', '.', '--format', 'yaml'], /yaml/],
      [['check', '.', '--snapshot', 'gone'], /gone/],
      [['check', '.'], /no configuration file/],
      [['chekc', '.'], /chekc/],
    ];
    for (const [args, says] of cases) {
      const done = run(...args);
      assert.equal(done.status, 2, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
      assert.match(done.stderr, says);
      assert.doesNotMatch(done.stderr, /at .*\.mjs:\d/, 'no stack trace');
    }
  });

  test('a file that it does not know is named, with what to do', () => {
    write('notes.txt', 'hello\n');
    const done = run('check', 'notes.txt');
    assert.equal(done.status, 2);
    assert.match(done.stderr, /notes\.txt: .*--language/);
    write('strange.txt', 'hostpci0: 01:00,pcie=1\n');
    assert.equal(run('check', '--language', 'pve-vm-conf', 'strange.txt').status, 1);
  });

  test('control characters of a file do not reach the terminal', () => {
    write('qemu-server/100.conf', 'bogus\u001b[31m: 1\n');
    assert.doesNotMatch(run('check', 'qemu-server/100.conf').stdout, /\u001b/);
  });

  test('whoever reads only the beginning gets no complaint', () => {
    const program = join(top, 'dist/hostpci.mjs');
    const command = `"${process.execPath}" "${program}" doctor "${join(top, 'test/sites')}" | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    assert.match(stdout, /^. Host /);
    assert.equal(stderr, '');
  });

  test('the demo site: the mistakes that its README names, in text and in JSON', () => {
    cpSync(join(top, 'test/sites/demo'), join(folder, 'demo'), { recursive: true });
    const done = run('check', 'demo');
    assert.equal(done.status, 1);
    const rules = new Set(json('demo').findings.map(one => one.rule));
    for (const rule of ['hostpci/pcie-needs-q35', 'modprobe/ids-unknown-device']) {
      assert.ok(rules.has(rule), rule);
      assert.match(done.stdout, new RegExp(rule));
    }
  });
});
