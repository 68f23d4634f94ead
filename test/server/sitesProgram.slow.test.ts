import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoryOf, sitesDirectory } from '../support/goldenSite.ts';

/** The built program on whole hosts, beside the `expected.txt` that `sites.test.ts` keeps. */

const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));

suite('sites', () => {
  for (const name of ['demo', 'healthy-cluster', 'drift-device-identity-changed']) {
    test(`${name}: the program prints the same`, () => {
      const options = { cwd: sitesDirectory, encoding: 'utf8' } as const;
      const { stdout, stderr } = spawnSync(process.execPath, [program, 'check', name], options);
      assert.equal(stderr, '');
      assert.equal(stdout, readFileSync(join(directoryOf(name), 'expected.txt'), 'utf8'));
    });
  }
});
