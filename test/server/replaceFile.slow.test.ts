import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareReplacement, replaceFile, whyNotWritten } from '../../server/cli/replaceFile.ts';
import { type CliFolder, cliFolder } from '../support/cliFolder.ts';

suite('replaceFile', () => {
  let folder: CliFolder;
  let path: string;
  setup(() => {
    folder = cliFolder();
    path = join(folder.path, 'a.conf');
  });
  teardown(() => folder.remove());

  test('until it is committed the old text is there, beside the new one', async () => {
    folder.write('a.conf', 'old');
    const ready = await prepareReplacement(path, 'old', 'new');
    assert.equal(folder.read('a.conf'), 'old');
    assert.match(readdirSync(folder.path).join(), /^a\.conf,a\.conf\.tmp\.\d+$/, 'no program takes it for a .conf');
    await ready.commit();
    assert.equal(folder.read('a.conf'), 'new');
    assert.deepEqual(readdirSync(folder.path), ['a.conf']);
  });

  test('discarded: nothing happened', async () => {
    folder.write('a.conf', 'old');
    await (await prepareReplacement(path, 'old', 'new')).discard();
    assert.equal(folder.read('a.conf'), 'old');
    assert.deepEqual(readdirSync(folder.path), ['a.conf']);
  });

  test('changed before or after it was made ready: refused, and nothing is left', async () => {
    folder.write('a.conf', 'other');
    await assert.rejects(prepareReplacement(path, 'old', 'new'), /changed in the meantime/);
    const ready = await prepareReplacement(path, 'other', 'new');
    folder.write('a.conf', 'third');
    await assert.rejects(ready.commit(), /changed in the meantime/);
    assert.equal(folder.read('a.conf'), 'third');
    assert.deepEqual(readdirSync(folder.path), ['a.conf']);
  });

  test('a new file is made only where there is none', async () => {
    await replaceFile(path, undefined, 'new');
    assert.equal(folder.read('a.conf'), 'new');
    await assert.rejects(replaceFile(path, undefined, 'newer'), /changed in the meantime/);
    assert.equal(existsSync(join(folder.path, 'none/a.conf')), false);
    await assert.rejects(replaceFile(join(folder.path, 'none/a.conf'), undefined, 'x'), { code: 'ENOENT' });
  });

  test('without quorum /etc/pve is read-only, which is said', () => {
    const denied = Object.assign(new Error('no'), { code: 'EACCES' });
    assert.match(whyNotWritten(denied, '/etc/pve/nodes/pve1/qemu-server/100.conf'), /EACCES; .*quorum/);
    assert.equal(whyNotWritten(denied, '/etc/modules'), 'cannot be written (EACCES)');
  });
});
