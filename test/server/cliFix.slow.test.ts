import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckResult } from '../../server/cli/checkOutput.ts';
import { fixFiles, lockOf } from '../../server/cli/fix.ts';
import { loadPaths } from '../../server/cli/loadPaths.ts';
import type { Report } from '../../server/rules/rule.ts';
import { openSite } from '../support/check.ts';
import { type CliFolder, cliFolder } from '../support/cliFolder.ts';

suite('hostpci check --fix', () => {
  let folder: CliFolder;
  setup(() => {
    folder = cliFolder();
  });
  teardown(() => folder.remove());

  const conf = 'etc/pve/qemu-server/100.conf';
  const repeated = 'onboot: 1\ncores: 2\nonboot: 1\n';
  const fixed = 'cores: 2\nonboot: 1\n';
  const json = (...args: readonly string[]): CheckResult =>
    JSON.parse(folder.run('check', '--format', 'json', ...args).stdout) as CheckResult;
  const filesIn = (path: string): readonly string[] => readdirSync(join(folder.path, path)).sort();

  test('writes what is safe, says what, prints what is left; a second run changes nothing', () => {
    folder.write(conf, `${repeated}hostpci0: 0000:01:00,pcie=1\n`);
    const done = folder.run('check', '--fix', '.');
    assert.equal(done.status, 1, 'pcie needs q35: an error is left');
    assert.match(done.stdout, /100\.conf:1 fixed {2}Remove the line {2}vmconf\/duplicate-key/);
    assert.match(done.stdout, /100\.conf:3:\d+ error .*hostpci\/pcie-needs-q35/);
    assert.match(done.stdout, /1 file, 1 fixed, 1 finding, 1 of them an error\n$/);
    assert.equal(folder.read(conf), `${fixed}hostpci0: 0000:01:00,pcie=1\n`);
    assert.deepEqual(filesIn('etc/pve/qemu-server'), ['100.conf'], 'nothing is left beside it');
    assert.match(folder.run('check', '--fix', '.').stdout, /, 0 fixed, /);
  });

  test('all is fixed: exit code 0; in JSON the same', () => {
    folder.write('100.conf', repeated);
    const { status, stdout } = folder.run('check', '--fix', '--format', 'json', '100.conf');
    assert.equal(status, 0);
    const result = JSON.parse(stdout) as CheckResult;
    assert.deepEqual(result.findings, []);
    assert.deepEqual(result.fixed, [
      { file: '100.conf', line: 1, rule: 'vmconf/duplicate-key', title: 'Remove the line' },
    ]);
    assert.deepEqual(result.notFixed, []);
    assert.equal(folder.read('100.conf'), fixed);
  });

  test('nothing to fix: nothing is written', () => {
    folder.write('100.conf', 'cores: 2\n');
    const before = statSync(join(folder.path, '100.conf'), { bigint: true });
    const done = folder.run('check', '--fix', '100.conf');
    assert.equal(done.status, 0);
    assert.match(done.stdout, /1 file, 0 fixed, 0 findings/);
    const after = statSync(join(folder.path, '100.conf'), { bigint: true });
    assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
    assert.equal(folder.run('check', '--fix', '--dry-run', '100.conf').stdout, '');
  });

  const endings: Readonly<Record<string, readonly [before: string, after: string]>> = {
    'Windows line ends': [
      'cores: 2\r\nonboot: 1\nmemory: 2048\r\nonboot: 1\n',
      'cores: 2\r\nmemory: 2048\r\nonboot: 1\n',
    ],
    'no final line end': ['onboot: 1\ncores: 2\nonboot: 1', 'cores: 2\nonboot: 1'],
    'a byte order mark': ['\ufeff# notes\nonboot: 1\ncores: 2\nonboot: 1\n', '\ufeff# notes\ncores: 2\nonboot: 1\n'],
    'other letters': [`# Größe \u{1f600}\n${repeated}`, `# Größe \u{1f600}\n${fixed}`],
  };
  for (const [what, [before, after]] of Object.entries(endings)) {
    test(`${what}: all else stays as it is, and the diff of a dry run leads there`, () => {
      folder.write('100.conf', before);
      const { stdout, stderr } = folder.run('check', '--fix', '--dry-run', '100.conf');
      assert.equal(folder.read('100.conf'), before);
      assert.match(stderr, /1 would be fixed.*nothing was written/);
      folder.write('copy/100.conf', before);
      const patched = spawnSync('git', ['apply', '-'], {
        cwd: join(folder.path, 'copy'),
        input: stdout,
        encoding: 'utf8',
      });
      assert.equal(patched.status, 0, patched.stderr + stdout);
      assert.equal(folder.read('copy/100.conf'), after);
      folder.run('check', '--fix', '100.conf');
      assert.equal(folder.read('100.conf'), after);
    });
  }

  test('a dry run over a site: what --fix would leave, and no file changes', () => {
    cpSync(fileURLToPath(new URL('../sites/demo', import.meta.url)), join(folder.path, 'demo'), { recursive: true });
    cpSync(join(folder.path, 'demo'), join(folder.path, 'same'), { recursive: true });
    const dry = json('--fix', '--dry-run', 'demo');
    assert.ok((dry.fixed?.length ?? 0) >= 2);
    assert.match(dry.diff ?? '', /^--- a\/demo\/etc\/modules\n\+\+\+ b\/demo\/etc\/modules\n@@/m);
    assert.equal(spawnSync('diff', ['-r', 'demo', 'same'], { cwd: folder.path }).status, 0);
    const wet = json('--fix', 'demo');
    assert.deepEqual(wet.findings, dry.findings);
    assert.deepEqual(wet.fixed, dry.fixed);
    assert.deepEqual(json('demo').findings, dry.findings);
  });

  test('the mode stays', () => {
    folder.write('100.conf', repeated);
    chmodSync(join(folder.path, '100.conf'), 0o640);
    folder.run('check', '--fix', '100.conf');
    assert.equal(statSync(join(folder.path, '100.conf')).mode & 0o7777, 0o640);
    assert.equal(folder.read('100.conf'), fixed);
  });

  test('a link stays one: what it leads to is written', () => {
    folder.write('real/100.conf', repeated);
    symlinkSync('real/100.conf', join(folder.path, '100.conf'));
    assert.equal(folder.run('check', '--fix', '100.conf').status, 0);
    assert.ok(lstatSync(join(folder.path, '100.conf')).isSymbolicLink());
    assert.equal(folder.read('real/100.conf'), fixed);
  });

  test('a link that leads out of the folder that was asked for is not followed', () => {
    folder.write('elsewhere/100.conf', repeated);
    mkdirSync(join(folder.path, 'site/etc/pve/qemu-server'), { recursive: true });
    symlinkSync('../../../../elsewhere/100.conf', join(folder.path, 'site', conf));
    const done = folder.run('check', '--fix', 'site');
    assert.equal(folder.read('elsewhere/100.conf'), repeated);
    assert.match(done.stdout, /not fixed: .*100\.conf:1 Remove the line .*outside of what was asked for/);
    assert.match(done.stdout, /0 fixed, 1 finding,/);
  });

  test('one file under two names is written once', () => {
    folder.write('site/etc/pve/nodes/pve1/qemu-server/100.conf', repeated);
    symlinkSync('nodes/pve1/qemu-server', join(folder.path, 'site/etc/pve/qemu-server'));
    const done = folder.run('check', '--fix', 'site/etc/pve/qemu-server/100.conf', 'site/etc/pve/nodes');
    assert.equal(done.status, 0, done.stderr);
    assert.equal(folder.read('site/etc/pve/nodes/pve1/qemu-server/100.conf'), fixed);
  });

  test('only what was asked for is changed', () => {
    folder.write('site/etc/pve/qemu-server/100.conf', repeated);
    folder.write('site/etc/pve/qemu-server/101.conf', repeated);
    folder.run('check', '--fix', 'site/etc/pve/qemu-server/100.conf');
    assert.equal(folder.read('site/etc/pve/qemu-server/100.conf'), fixed);
    assert.equal(folder.read('site/etc/pve/qemu-server/101.conf'), repeated);
  });

  test('a file that cannot be written: said, exit code 2, its findings are still there, the others are fixed', () => {
    folder.write('site/etc/pve/qemu-server/100.conf', repeated);
    folder.write('site/etc/pve/lxc/200.conf', repeated);
    const open = join(folder.path, 'site/etc/pve/lxc');
    chmodSync(open, 0o777);
    chmodSync(join(open, '200.conf'), 0o666);
    chmodSync(join(folder.path, 'site', conf), 0o444);
    chmodSync(join(folder.path, 'site/etc/pve/qemu-server'), 0o555);
    const done = folder.runAsNobody('check', '--fix', 'site');
    assert.equal(done.status, 2);
    assert.match(done.stderr, /qemu-server\/100\.conf: cannot be written \(EACCES/);
    assert.match(done.stdout, /100\.conf:1:\d+ warning .*vmconf\/duplicate-key/);
    assert.equal(folder.read(`site/${conf}`), repeated);
    chmodSync(join(folder.path, 'site/etc/pve/qemu-server'), 0o755);
    assert.deepEqual(filesIn('site/etc/pve/lxc'), ['200.conf']);
  });

  test('a file that is not UTF-8 is left alone', () => {
    const bytes = Buffer.concat([Buffer.from('# Gr\u00f6\u00dfe\n', 'latin1'), Buffer.from(repeated)]);
    writeFileSync(join(folder.path, '100.conf'), bytes);
    const done = folder.run('check', '--fix', '100.conf');
    assert.equal(done.status, 2);
    assert.match(done.stderr, /100\.conf: is not UTF-8/);
    assert.equal(folder.read('100.conf'), bytes.toString('utf8'));
  });

  test('options that do not go together: exit code 2', () => {
    folder.write('100.conf', repeated);
    assert.match(folder.run('check', '--dry-run', '100.conf').stderr, /--dry-run goes with --fix/);
    const both = folder.run('check', '--fix', '--dry-run', '--baseline', 'b.json', '--update-baseline', '100.conf');
    assert.equal(both.status, 2);
    assert.equal(folder.read('100.conf'), repeated);
  });

  test('hostpci format writes the same way', () => {
    folder.write('100.conf', 'memory: 2048\ncores: 2\n');
    linkSync(join(folder.path, '100.conf'), join(folder.path, 'before.txt'));
    assert.equal(folder.run('format', '100.conf').status, 0);
    assert.equal(folder.read('100.conf'), 'cores: 2\nmemory: 2048\n');
    assert.equal(folder.read('before.txt'), 'memory: 2048\ncores: 2\n', 'it was replaced, not written over');
  });
});

suite('a guest that a task has locked', () => {
  const vm = (text: string) => openSite(text, { path: 'etc/pve/nodes/pve1/qemu-server/100.conf' }).file;
  const live = '/etc/pve/nodes/pve1/qemu-server/100.conf';

  test('is seen on a live host alone, and in the guest itself alone', () => {
    assert.equal(lockOf(live, vm('cores: 2\nlock: backup\n')), 'lock: backup');
    assert.equal(lockOf(live, vm('cores: 2\n[before]\nlock: backup\n')), undefined);
    assert.equal(lockOf(live, vm('cores: 2\n#lock: backup\n')), undefined);
    assert.equal(lockOf(`/srv/copy${live}`, vm('lock: backup\n')), undefined);
  });
});

suite('fixFiles', () => {
  let folder: CliFolder;
  setup(() => {
    folder = cliFolder();
    folder.write('site/etc/modules', 'vfio\n');
    folder.write('site/etc/modules-load.d/a.conf', 'vfio\n');
  });
  teardown(() => folder.remove());

  const one = 'site/etc/modules';
  const other = 'site/etc/modules-load.d/a.conf';

  /** A fix of both files at once, which is offered until it was made. */
  const run = async (meanwhile: () => void, dryRun = false) => {
    const site = join(folder.path, 'site');
    const loaded = await loadPaths([site], {});
    const edits = loaded.asked.map(({ file }) => ({
      uri: file.uri,
      span: { line: 0, start: 0, endLine: 0, end: 4 },
      text: 'dm_mod',
    }));
    const first = loaded.asked[0]?.file.uri;
    const report: Report = {
      rule: 'test/both',
      severity: 'warning',
      message: 'x',
      span: { line: 0, start: 0, endLine: 0, end: 1 },
      fixes: [{ title: 'both', safe: true, edits }],
    };
    meanwhile();
    return fixFiles(loaded, {
      paths: [site],
      dryRun,
      reportsOn: file => (file.uri === first && file.lines[0] === 'vfio' ? [report] : []),
    });
  };

  test('a fix of several files is written to all', async () => {
    const done = await run(() => {});
    assert.deepEqual(done.failures, []);
    assert.equal(done.fixed.length, 1);
    assert.deepEqual([folder.read(one), folder.read(other)], ['dm_mod\n', 'dm_mod\n']);
  });

  for (const [changed, kept] of [
    [one, other],
    [other, one],
  ] as const) {
    test(`${changed} was changed between reading and writing: neither file is written, and the findings stay`, async () => {
      const done = await run(() => folder.write(changed, 'vfio_pci\n'));
      assert.match(done.failures.join('\n'), /was changed in the meantime/);
      assert.equal(folder.read(changed), 'vfio_pci\n');
      assert.equal(folder.read(kept), 'vfio\n');
      assert.deepEqual(done.fixed, []);
      assert.equal([...done.reports.values()].flat().length, 1);
      assert.deepEqual(readdirSync(join(folder.path, 'site/etc/modules-load.d')), ['a.conf']);
      assert.deepEqual(readdirSync(join(folder.path, 'site/etc')).sort(), ['modules', 'modules-load.d']);
    });
  }

  test('a file that went between reading and writing is not made again', async () => {
    const done = await run(() => rmSync(join(folder.path, one)));
    assert.deepEqual(done.fixed, []);
    assert.throws(() => folder.read(one));
    assert.equal(folder.read(other), 'vfio\n');
  });
});
