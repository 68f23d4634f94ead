// Rewrites package.json for another version of code-server:
//   node test/vshost/update.mjs VERSION && npm install --prefix test/vshost
// code-server carries VS Code's server without its dependencies, and its own install script would compile native modules that
// nothing here needs. So the modules that the server, its extension host, search and watching load are listed one by one, in the
// versions that VS Code itself locks.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vshost } from './install.mjs';
import { run, temporaryFolder } from './processes.mjs';

const notNeeded =
  /^(@devcontainers\/cli|@github\/copilot-sdk|@microsoft\/mxc-sdk|@vscode\/(copilot-api|deviceid|native-watchdog|spdlog|sandbox-runtime|sqlite3|windows-.*)|kerberos|ssh2|tar|node-addon-api|zod|detect-libc)$/;
const [version] = process.argv.slice(2);
if (!version) throw new Error('usage: node test/vshost/update.mjs VERSION');

const folder = temporaryFolder('hostpci-update');
await must('npm', ['pack', `code-server@${version}`, '--pack-destination', folder]);
const files = ['package.json', 'npm-shrinkwrap.json'].map(name => `package/lib/vscode/${name}`);
await must('tar', ['-xzf', join(folder, `code-server-${version}.tgz`), '-C', folder, ...files]);
const [{ dependencies }, { packages }] = files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const target = join(vshost, 'package.json');
const manifest = JSON.parse(readFileSync(target, 'utf8'));
const modules = Object.keys(dependencies).filter(name => !notNeeded.test(name));
manifest.devDependencies = {
  'code-server': version,
  'playwright-core': manifest.devDependencies['playwright-core'],
  ...Object.fromEntries(modules.map(name => [name, packages[`node_modules/${name}`].version])),
  '@vscode/spdlog': 'file:stubs/spdlog',
  '@vscode/native-watchdog': 'file:stubs/native-watchdog',
};
writeFileSync(target, `${JSON.stringify(manifest, null, 2)}\n`);
process.exit(0);

async function must(command, args) {
  if ((await run(command, args, { cwd: folder })) !== 0) throw new Error(`${command} failed`);
}
