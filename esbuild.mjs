// Bundles the extension, the language server and the command line tool into dist/, with the data and licences they need.
//   node esbuild.mjs [--minify] [--watch] [--tests] [--out=DIR]
// --tests also bundles the suite that runs inside VS Code, into out/; --out names another directory than dist.
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
import { dirname, join, resolve } from 'node:path';
import { build, context } from 'esbuild';
import { withoutRuleTexts } from './esbuild.rules.mjs';
import { loadedOnDemand } from './esbuild.split.mjs';

const [minify, watch, tests] = ['--minify', '--watch', '--tests'].map(option => process.argv.includes(option));
const out = process.argv.find(option => option.startsWith('--out='))?.slice('--out='.length) ?? 'dist';
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
// The command line is a script, because V8 keeps the compiled code of scripts: see server/cli/start.ts.
const ownUrl = `"use strict";const bundleUrl=require('node:url').pathToFileURL(__filename).href;`;
// All parts of the server use the one protocol library: its classes are compared by identity.
const besideServer = {
  name: 'protocol library beside the server',
  setup({ onResolve }) {
    onResolve({ filter: /^vscode-languageserver(?:\/node|-protocol|-types)?$/ }, () => ({
      path: './lsp.cjs',
      external: true,
    }));
  },
};
const bundles = [
  { ...commonJs, entryPoints: ['client/extension.ts'], outfile: `${out}/extension.cjs`, external: ['vscode'] },
  { ...commonJs, entryPoints: ['server/node.ts'], outfile: `${out}/server.cjs`, plugins: [besideServer] },
  { ...commonJs, entryPoints: ['vscode-languageserver/node'], outfile: `${out}/lsp.cjs` },
  {
    ...commonJs,
    entryPoints: ['server/session.ts'],
    outfile: `${out}/session.cjs`,
    plugins: [besideServer, withoutRuleTexts, loadedOnDemand],
  },
  { ...commonJs, entryPoints: ['client/hosts/askpassMain.ts'], outfile: `${out}/askpass.cjs` },
  {
    ...commonJs,
    entryPoints: ['server/cli/main.ts'],
    outfile: `${out}/cli.cjs`,
    plugins: [withoutRuleTexts],
    define: { ...common.define, 'import.meta.url': 'bundleUrl' },
    charset: 'ascii', // start.ts reads it as such
    banner: { js: ownUrl },
  },
  {
    ...common,
    format: 'esm',
    entryPoints: ['server/cli/start.ts'],
    outfile: `${out}/hostpci.mjs`,
    banner: { js: hashbang },
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
  chmodSync(`${out}/hostpci.mjs`, 0o755);
  removeAllBut(out, new Set(written));
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
    await (await context({ ...options, logLevel: 'silent', plugins: [...(options.plugins ?? []), announce] })).watch();
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
    const target = `${out}/data/${name}`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify(JSON.parse(readFileSync(`server/data/${name}`, 'utf8'))));
    written.push(target);
  }
  copyFileSync('host/collect.sh', `${out}/collect.sh`);
  return [...written, `${out}/collect.sh`];
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
  writeFileSync(`${out}/THIRD-PARTY-NOTICES.txt`, notices.join(`\n${'-'.repeat(80)}\n\n`));
  return `${out}/THIRD-PARTY-NOTICES.txt`;
}

function removeAllBut(folder, keep) {
  // esbuild names what it wrote relative to this directory, whatever way the folder was written.
  const kept = new Set([...keep].map(file => resolve(file)));
  for (const file of filesUnder(folder)) if (!kept.has(resolve(folder, file))) rmSync(join(folder, file));
}

/** The files in a folder and below, as paths relative to it with forward slashes. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)).map(file => `${entry.name}/${file}`) : [entry.name],
  );
}
