// npm start: installs, builds, and opens a real VS Code with hostpci on a fresh copy of the demo site; Ctrl-C ends it.
//   npm start [-- --browser | --desktop] [--port=N]
// The desktop VS Code is taken where there is one; else a VS Code server on 127.0.0.1 whose address any browser here can open.
// Until `installPackages` has run, this file and what it imports use Node's own modules only.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { findDesktop, openDesktop } from './desktop.mjs';
import { installPackages, npm, root, vshost } from './install.mjs';
import { ended, exit, temporaryFolder } from './processes.mjs';

const has = option => process.argv.includes(option);

exit(await main().catch(failed));

async function main() {
  await installPackages(root);
  const desktop = has('--browser') ? { reason: 'a browser was asked for' } : findDesktop();
  if (!desktop.code && (has('--desktop') || !canEmbed())) throw new Error(whatToInstall(desktop.reason));
  const site = join(temporaryFolder('hostpci-site'), 'demo');
  cpSync(join(root, 'test/sites/demo'), site, { recursive: true });
  return desktop.code ? inDesktop(desktop.code, site) : inBrowser(site);
}

async function inDesktop(code, site) {
  await quietly(['run', 'build']);
  console.log(
    `\nVS Code opens with hostpci on a copy of the demo site, ${site}\nClosing the window or Ctrl-C ends it and removes the copy.\n`,
  );
  return openDesktop(code, site);
}

async function inBrowser(site) {
  await installPackages(vshost);
  console.log('Packaging hostpci …');
  await quietly(['run', 'package']);
  const { startServer, version, workbenchAddress } = await import('./host.mjs');
  const server = await startServer({ vsix: [join(root, 'hostpci.vsix')], port: portArgument() });
  console.log(`
VS Code ${version()} with hostpci on a copy of the demo site. Open this address in a browser on this machine:

  ${workbenchAddress(server, site)}
${process.env.SSH_CONNECTION ? `\nFrom your own machine first: ssh -L ${server.port}:127.0.0.1:${server.port} THIS-MACHINE\n` : ''}
Ctrl-C ends it and removes the copy.`);
  const code = await ended(server.child);
  throw new Error(`the VS Code server ended with exit code ${code}\n${server.log()}`);
}

function failed(error) {
  console.error(`\nnpm start failed: ${error.message}`);
  return 1;
}

/** Runs an npm command and shows what it printed only when it fails. */
async function quietly(args) {
  let output = '';
  const onOutput = text => {
    output += text;
  };
  const code = await npm(args, { onOutput });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with exit code ${code}\n${output}`);
}

function canEmbed() {
  return process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
}

function portArgument() {
  return Number(process.argv.find(text => text.startsWith('--port='))?.slice('--port='.length) ?? 0);
}

function whatToInstall(reason) {
  return (
    `${reason}. The embedded VS Code runs on Linux (x64, arm64) only; elsewhere install VS Code from https://code.visualstudio.com ` +
    "and its `code` command (Command Palette: Shell Command: Install 'code' command in PATH), then run npm start again."
  );
}
