import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** The test entry of both launchers: runs every bundled suite beside this file; rejects when a test fails or none ran. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, color: false, forbidOnly: true, ...selection() });
  const folder = join(__dirname, 'suite');
  for (const file of readdirSync(folder).filter(name => name.endsWith('.test.cjs'))) mocha.addFile(join(folder, file));
  const [tests, failures] = await new Promise<[number, number]>(resolve => {
    const runner = mocha.run(failed => resolve([runner.stats?.tests ?? 0, failed]));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
  if (tests === 0) throw new Error('no test ran');
}

function selection(): Mocha.MochaOptions {
  const { HOSTPCI_TEST_GREP: grep, HOSTPCI_TEST_REPORTER: reporter } = process.env;
  return { ...(grep ? { grep } : {}), ...(reporter ? { reporter } : {}) };
}
