import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whole hosts through the command line: `expected.txt` is what a user sees. `UPDATE=1` rewrites it; the diff is the review. */

const sites = fileURLToPath(new URL('../sites/', import.meta.url));
const program = fileURLToPath(new URL('../../dist/hostpci.mjs', import.meta.url));

suite('sites', () => {
  for (const name of readdirSync(sites)) {
    test(name, () => {
      const { stdout, stderr } = spawnSync(process.execPath, [program, 'check', name], {
        cwd: sites,
        encoding: 'utf8',
      });
      assert.equal(stderr, '');
      const expected = join(sites, name, 'expected.txt');
      if (process.env.UPDATE === '1') writeFileSync(expected, stdout);
      assert.ok(existsSync(expected), 'no expected.txt yet; UPDATE=1 writes it');
      assert.equal(stdout, readFileSync(expected, 'utf8'));
    });
  }
});
