// npm test: sets everything up, runs every kind of test there is, and ends with one line "N passed, N failed".
//   npm test [-- STAGE …]        only those stages; their names are the keys of `stages` below
// A stage that can't run, or whose runner ran no test, counts as a failure. Node's own modules only, until `setUp` has run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, npm, root, vshost } from './vshost/install.mjs';
import { exit, temporaryFolder } from './vshost/processes.mjs';
import { ensurePrograms } from './vshost/systemTools.mjs';

const linux = process.platform === 'linux';
const reports = temporaryFolder('hostpci-reports');
const one = { passed: 1, failed: 0, skipped: 0 };

/** In this order, one after the other: each may rebuild what the one before it used. A stage throws when it can't run. */
const stages = {
  lint: () => command('lint'),
  typecheck: () => command('typecheck'),
  build: () => command('build', '--tests'),
  unit: () => mocha('test:unit'),
  slow: () => mocha('test:slow'),
  grammar: grammarTests,
  vscode: () => mocha(linux ? 'test:embedded' : 'test:desktop', []),
  package: () => command('package'),
  ui: () => (linux ? mocha('test:ui') : skip('the embedded VS Code runs on Linux only')),
};

exit(await main(process.argv.slice(2)));

async function main(names) {
  const unknown = names.filter(name => !(name in stages));
  if (unknown.length > 0) {
    console.error(`no such stage: ${unknown.join(', ')}; there are: ${Object.keys(stages).join(', ')}`);
    return 2;
  }
  const results = [await timed('setup', setUp)];
  if (results[0].failed === 0) {
    for (const [name, run] of Object.entries(stages)) {
      if (names.length === 0 || names.includes(name)) results.push(await timed(name, run));
    }
  }
  return summary(results);
}

async function setUp() {
  await installPackages(root);
  if (linux) {
    await installPackages(vshost);
    await ensurePrograms(['chromium', 'sshd', 'ssh', 'busybox']);
  }
  return { passed: 0, failed: 0, skipped: 0 };
}

/** Runs one stage; whatever goes wrong in it becomes a failure in its counts. */
async function timed(name, run) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const started = Date.now();
  let counts;
  try {
    counts = await run();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  return { name, ...counts, seconds: (Date.now() - started) / 1000 };
}

function summary(results) {
  const total = key => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`\n── summary ${'─'.repeat(69)}`);
  for (const { name, seconds, ...counts } of results)
    console.log(`${name.padEnd(10)} ${inWords(counts)} (${seconds.toFixed(1)} s)`);
  const counts = { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
  console.log(`everything took ${total('seconds').toFixed(0)} s\n\n${inWords(counts)}`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A script of package.json that is one test in itself. */
async function command(name, ...args) {
  const code = await script(name, args);
  if (code !== 0) throw new Error(`ended with exit code ${code}`);
  return one;
}

/** A script of package.json that runs mocha. Its counts come from the file that test/reporter.cjs writes. */
async function mocha(name, args = ['--reporter', 'test/reporter.cjs', '--forbid-only']) {
  const report = join(reports, `${name.replace(':', '-')}.json`);
  const code = await script(name, args, { MOCHA_REPORT: report });
  if (!existsSync(report)) throw new Error(`ended with exit code ${code} before its tests did`);
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  if (counts.passed + counts.failed === 0) throw new Error('no test ran');
  if (code !== 0 && counts.failed === 0) throw new Error(`its tests passed, but it ended with exit code ${code}`);
  return counts;
}

/** Every line with assertions in the files of test/grammar is one test; a file without any is a failed one. */
async function grammarTests() {
  const folder = join(reports, 'grammar');
  const code = await script('test:grammar', ['--xunit-format', 'gitlab', '--xunit-report', folder]);
  if (!existsSync(folder)) throw new Error(`ended with exit code ${code} before its tests did`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const [tests, failures, errors] = ['tests', 'failures', 'errors'].map(key =>
      Number(new RegExp(`${key}="(\\d+)"`).exec(text)?.[1]),
    );
    counts.passed += tests - failures - errors;
    counts.failed += tests === 0 ? 1 : failures + errors;
  }
  if (counts.passed + counts.failed === 0) throw new Error('no test ran');
  if (code !== 0 && counts.failed === 0) throw new Error(`ended with exit code ${code}`);
  return counts;
}

/** Runs a script of package.json for at most ten minutes; resolves with its exit code. */
function script(name, args, env = {}) {
  const separated = args.length > 0 ? ['--', ...args] : [];
  return npm(['run', '--silent', name, ...separated], { env: { ...process.env, ...env }, limit: 600 });
}

function skip(reason) {
  console.log(`skipped: ${reason}`);
  return { passed: 0, failed: 0, skipped: 1 };
}
