// A real VS Code without a desktop: VS Code's own server (npm package code-server) on 127.0.0.1, and a browser to show it in.
// Whatever is started or written here is gone when this process ends.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { vshost } from './install.mjs';
import { removeFolder, start, stop, temporaryFolder } from './processes.mjs';
import { findChromium } from './systemTools.mjs';

const serverRoot = join(vshost, 'node_modules/code-server/lib/vscode');

/** The program that runs the server: VS Code asks for a newer Node than this project. `undefined` where there is none. */
export const serverNode = () =>
  [process.env.VSCODE_SERVER_NODE, join(vshost, `node_modules/node-${process.platform}-${process.arch}/bin/node`)].find(
    file => file && existsSync(file),
  );

/** The version of VS Code that is embedded. */
export const version = () => JSON.parse(readFileSync(join(serverRoot, 'package.json'), 'utf8')).version;

/**
 * Starts the server on a free port and installs the given .vsix files.
 * @param {{ settings?: object, env?: Record<string, string>, vsix?: readonly string[], extensions?: readonly string[], driven?: boolean, verbose?: boolean, port?: number }} options
 *   `extensions`: folders that stand in for installed extensions.
 *   `driven`: the workbench will run a test suite from `openWorkbench`'s payload, and the server may leave when its page has.
 */
export async function startServer(options = {}) {
  const vsix = options.vsix ?? [];
  const dataFolder = temporaryFolder('hostpci-vscode');
  const token = randomBytes(16).toString('hex');
  writeUserData(dataFolder, token, options.settings);
  for (const folder of options.extensions ?? [])
    cpSync(folder, join(dataFolder, 'extensions', basename(folder)), { recursive: true });
  linkModules();
  const args = [
    join(serverRoot, 'out/server-main.js'),
    ...[
      '--host',
      '127.0.0.1',
      '--port',
      String(options.port ?? 0),
      '--connection-token-file',
      join(dataFolder, 'token'),
    ],
    ...['--server-data-dir', dataFolder, '--accept-server-license-terms', '--telemetry-level', 'off'],
    '--disable-workspace-trust',
    // Without the smoke test driver a built workbench ignores the payload's extensionDevelopmentPath and extensionTestsPath.
    ...(options.driven ? ['--enable-smoke-test-driver', '--enable-remote-auto-shutdown'] : []),
    ...(vsix.length > 0 ? ['--start-server', ...vsix.flatMap(file => ['--install-extension', file])] : []),
  ];
  const env = {
    ...process.env,
    TMPDIR: dataFolder,
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }),
    ...options.env,
  };
  const child = start(serverNode(), args, { stdio: ['ignore', 'pipe', 'pipe'], env, patience: 1000 });
  const log = [];
  const close = async () => {
    await stop(child);
    removeFolder(dataFolder);
  };
  try {
    const port = await listening(child, vsix.length, text => {
      log.push(text);
      if (options.verbose) process.stderr.write(text);
    });
    return { child, port, token, authority: `127.0.0.1:${port}`, log: () => log.join(''), close };
  } catch (error) {
    await close();
    throw new Error(`${error.message}\n${log.join('')}`);
  }
}

let browserFolder;

/** Starts Chromium without a window. It reaches nothing but 127.0.0.1. */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  // Playwright's and Chromium's own temporary files. One folder for all browsers: each in the one before would soon make the
  // path of Chromium's socket too long.
  process.env.TMPDIR = browserFolder ??= temporaryFolder('hostpci-browser');
  return chromium.launch({
    executablePath: findChromium(),
    handleSIGINT: false, // processes.mjs ends this process after a signal, and playwright its browser then
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox', // in containers there is none; the only page is ours
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** The address at which any browser on this machine opens `folder` in the server's workbench. */
export const workbenchAddress = (server, folder) =>
  `http://${server.authority}/?${new URLSearchParams({ tkn: server.token, folder })}`;

/** Opens the workbench on `folder`; with `development` and `tests` it loads that extension and runs that test entry. */
export async function openWorkbench(page, server, { folder, development, tests }) {
  const remote = path => `vscode-remote://${server.authority}${path}`;
  const payload = [];
  if (development) payload.push(['extensionDevelopmentPath', remote(development)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const origin = `http://${server.authority}`;
  await page.context().addCookies([{ name: 'vscode-tkn', value: server.token, url: origin }]);
  await page.goto(`${origin}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload) })}`);
}

function writeUserData(dataFolder, token, extraSettings) {
  const settings = { ...JSON.parse(readFileSync(join(vshost, 'settings.json'), 'utf8')), ...extraSettings };
  mkdirSync(join(dataFolder, 'data/User'), { recursive: true });
  writeFileSync(join(dataFolder, 'data/User/settings.json'), JSON.stringify(settings, null, 2));
  writeFileSync(join(dataFolder, 'token'), token, { mode: 0o600 });
}

/** The server and its workbench look for their modules inside the server's folder; npm put them beside it. */
function linkModules() {
  const link = join(serverRoot, 'node_modules');
  if (!existsSync(link)) symlinkSync('../../..', link);
}

function listening(child, installs, onText) {
  return new Promise((resolve, reject) => {
    let seen = '';
    setTimeout(reject, 120_000, new Error('the VS Code server did not start within two minutes')).unref();
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`the VS Code server ended with exit code ${code}`)));
    const read = bytes => {
      const text = String(bytes);
      onText(text);
      seen += text;
      const port = /Extension host agent listening on (\d+)/.exec(seen)?.[1];
      if (port && (seen.match(/was successfully installed/g) ?? []).length >= installs) resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}
