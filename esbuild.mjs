// Bundles the extension, the language server and the command line tool into dist/, with the data and licences they need.
//   node esbuild.mjs [--minify] [--watch] [--tests]        --tests also bundles the suite that runs inside VS Code, into out/
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';

const [minify, watch, tests] = ['--minify', '--watch', '--tests'].map(option => process.argv.includes(option));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify,
  sourcemap: minify ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none', // dist/THIRD-PARTY-NOTICES.txt has the licences in full
  metafile: true,
  define: { 'process.env.HOSTPCI_VERSION': JSON.stringify(version) },
};
const commonJs = { ...common, format: 'cjs' };
const hashbang = '#!/usr/bin/env node';
// commander is CommonJS and requires Node's modules; an ECMAScript module has no `require` of its own.
const requireForModules = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
const bundles = [
  { ...commonJs, entryPoints: ['client/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'] },
  { ...commonJs, entryPoints: ['server/node.ts'], outfile: 'dist/server.cjs' },
  { ...commonJs, entryPoints: ['client/hosts/askpassMain.ts'], outfile: 'dist/askpass.cjs' },
  {
    ...common,
    format: 'esm',
    entryPoints: ['server/cli/main.ts'],
    outfile: 'dist/hostpci.mjs',
    banner: { js: hasHashbang('server/cli/main.ts') ? requireForModules : `${hashbang}\n${requireForModules}` },
  },
];

try {
  await (watch ? watchAll() : buildAll());
} catch (error) {
  if (!error.errors) throw error; // esbuild has printed its own
  process.exit(1);
}

async function buildAll() {
  const results = await Promise.all(bundles.map(options => build(options)));
  const written = [...results.flatMap(result => Object.keys(result.metafile.outputs)), ...copyData()];
  written.push(writeNotices(results.map(result => result.metafile)));
  chmodSync('dist/hostpci.mjs', 0o755);
  removeAllBut('dist', new Set(written));
  if (tests) await buildSuite();
}

/** Rebuilds after every change. The lines it prints are those that the problem matcher of .vscode/tasks.json waits for. */
async function watchAll() {
  let active = 0;
  const announce = {
    name: 'announce',
    setup({ onStart, onEnd }) {
      onStart(() => {
        if (active++ === 0) console.log('[watch] build started');
      });
      onEnd(({ errors }) => {
        for (const { text, location } of errors) {
          console.log(`✘ [ERROR] ${text}\n    ${location?.file}:${location?.line}:${location?.column}:`);
        }
        if (--active > 0) return;
        copyData();
        console.log('[watch] build finished');
      });
    },
  };
  for (const options of bundles) {
    await (await context({ ...options, logLevel: 'silent', plugins: [announce] })).watch();
  }
}

async function buildSuite() {
  rmSync('out/vscode', { recursive: true, force: true });
  const suites = readdirSync('test/vscode/suite').filter(name => name.endsWith('.test.ts'));
  await build({
    ...commonJs,
    minify: false,
    entryPoints: ['test/vscode/index.ts', ...suites.map(name => `test/vscode/suite/${name}`)],
    outbase: 'test/vscode',
    outdir: 'out/vscode',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
  });
}

/** Copies what the bundles read when they run; JSON loses its layout. Returns the files it wrote. */
function copyData() {
  const written = [];
  for (const name of filesUnder('server/data').filter(file => file.endsWith('.json'))) {
    const target = `dist/data/${name}`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify(JSON.parse(readFileSync(`server/data/${name}`, 'utf8'))));
    written.push(target);
  }
  copyFileSync('host/collect.sh', 'dist/collect.sh');
  return [...written, 'dist/collect.sh'];
}

/** Writes the licences of all packages that went into the bundles, as they ask for. Returns the file's name. */
function writeNotices(metafiles) {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  const packages = inputs.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  const notices = [...new Set(packages)].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
  return 'dist/THIRD-PARTY-NOTICES.txt';
}

function removeAllBut(folder, keep) {
  for (const file of filesUnder(folder)) if (!keep.has(`${folder}/${file}`)) rmSync(`${folder}/${file}`);
}

/** The files in a folder and below, as paths relative to it with forward slashes. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)).map(file => `${entry.name}/${file}`) : [entry.name],
  );
}

function hasHashbang(file) {
  return readFileSync(file, 'utf8').startsWith('#!');
}
