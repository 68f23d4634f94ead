// Runs the bundled mocha suite (out/vscode/index.cjs, which exports run()) in the extension host of a real VS Code.
//   node test/vshost/runSuite.mjs [--host=embedded|desktop] [--grep=RE] [--timeout=SECONDS] [--verbose]
// embedded: the VS Code server of this folder, shown in Chromium.
// desktop:  @vscode/test-electron, which downloads VS Code in the version VSCODE_VERSION (`oldest`: the oldest that package.json
//           allows), unless VSCODE_EXECUTABLE names one that is there.
// MOCHA_REPORT names the file that test/reporter.cjs writes its counts to.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { version as embeddedVersion, launchBrowser, openWorkbench, startServer } from './host.mjs';
import { root, vshost } from './install.mjs';
import { exit, temporaryFolder } from './processes.mjs';

const argument = (name, otherwise) =>
  process.argv.find(text => text.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const verbose = process.argv.includes('--verbose');
const seconds = Number(argument('timeout', '240'));
const suite = join(root, 'out/vscode/index.cjs');
const site = join(temporaryFolder('hostpci-site'), 'demo');
cpSync(join(root, 'test/sites/demo'), site, { recursive: true });
const env = {
  HOSTPCI_TEST_SUITE: suite,
  HOSTPCI_TEST_GREP: argument('grep', ''),
  HOSTPCI_TEST_REPORTER: join(root, 'test/reporter.cjs'),
  MOCHA_REPORT: process.env.MOCHA_REPORT ?? '',
};

exit(await (argument('host', 'embedded') === 'desktop' ? desktop() : embedded()));

async function desktop() {
  const { runTests } = await import('@vscode/test-electron');
  return runTests({
    ...whichDesktop(),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: env,
    launchArgs: [site, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
  }).catch(error => {
    console.error(String(error));
    return 1;
  });
}

function whichDesktop() {
  const { VSCODE_EXECUTABLE: vscodeExecutablePath, VSCODE_VERSION: version } = process.env;
  if (vscodeExecutablePath) return { vscodeExecutablePath };
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return version ? { version: version === 'oldest' ? engines.vscode.replace('^', '') : version } : {};
}

async function embedded() {
  const started = Date.now();
  const noise = [];
  let server;
  let browser;
  try {
    [server, browser] = await Promise.all([startServer({ env, verbose, driven: true }), launchBrowser()]);
    const code = await runInWorkbench(server, browser, noise);
    if (code !== 0) console.error(noise.slice(-20).join('\n').slice(-4000));
    console.log(
      `VS Code ${embeddedVersion()}: exit code ${code} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
    );
    return code;
  } catch (error) {
    const tail = text => text.slice(-4000);
    console.error(
      `${error}\n--- workbench ---\n${tail(noise.join('\n'))}\n--- server ---\n${tail(server?.log() ?? '')}`,
    );
    return 1;
  } finally {
    await browser?.close().catch(() => {});
    await server?.close();
  }
}

/** Resolves with the exit code that the test run reports through the workbench's automation functions. */
async function runInWorkbench(server, browser, noise) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return new Promise((resolve, reject) => {
    setTimeout(reject, seconds * 1000, new Error(`no result after ${seconds} s`)).unref();
    page.on('crash', () => reject(new Error('the page crashed')));
    browser.on('disconnected', () => reject(new Error('the browser went away')));
    const onLog = (type, args) => {
      const line = format(...args);
      if (line.startsWith('@@')) (type === 'error' || type === 'warn' ? console.error : console.log)(line.slice(2));
      else if (verbose) console.error(line);
      else noise.push(line);
    };
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', onLog);
      await page.exposeFunction('codeAutomationExit', resolve);
      await openWorkbench(page, server, { folder: site, development: root, tests: join(vshost, 'testEntry.cjs') });
    };
    open().catch(reject);
  });
}
