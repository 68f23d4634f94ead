import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `hostpci explain` as people run it: on the message alone, and beside the files of a host. */

const program = fileURLToPath(new URL('../../../dist/hostpci.mjs', import.meta.url));
const demo = fileURLToPath(new URL('../../sites/demo', import.meta.url));

const run = (args: readonly string[], { cwd = '/', input = '' } = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'explain', ...args], {
    cwd,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

suite('hostpci explain', () => {
  test('a message alone: meaning, advice and the rules', () => {
    const { status, stdout } = run(['TASK ERROR: q35 machine model is not enabled'], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    assert.equal(status, 0);
    assert.match(stdout, /^q35 machine model is not enabled\n {2}`pcie=1` puts .*\n {2}What to do: /);
    assert.match(
      stdout,
      /Name the host's tree behind the text to find the line that causes it: hostpci\/pcie-needs-q35\./,
    );
  });

  test('in the tree of a host it names the line', () => {
    const { status, stdout } = run(['-'], {
      cwd: demo,
      input: 'libkmod: ignoring bad line\nvfio_pci: invalid id string "10de"\ngroup 2 is not viable\n',
    });
    assert.equal(status, 0);
    assert.match(stdout, /etc\/\S+:\d+:\d+ (?:error|warning|info) {2}\S.* {2}iommu\/group/);
  });

  test('as JSON, with lines from 1', () => {
    const { stdout } = run(['--format', 'json', 'x\ngroup 2 is not viable', demo]);
    const answer = JSON.parse(stdout) as {
      version: number;
      matches: { line: number; excerpt: string; findings: { file: string }[] }[];
    };
    assert.equal(answer.version, 1);
    assert.equal(answer.matches[0]?.line, 2);
    assert.equal(answer.matches[0]?.excerpt, 'group 2 is not viable');
  });

  test('says when nothing is known, and how to read a file', () => {
    const { status, stdout, stderr } = run(['README.md'], { cwd: demo });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /nothing in this text is a message that hostpci knows\n.*hostpci explain - < README\.md/);
  });

  test('a path that is not there is an error', () => {
    const { status, stderr } = run(['group 2 is not viable', '/no/such/tree']);
    assert.equal(status, 2);
    assert.match(stderr, /\/no\/such\/tree: no such file or directory/);
  });
});
