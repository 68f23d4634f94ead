// What `hostpci check` costs against a bare process that reads and splits the same files, and what one keystroke costs among a
// thousand other VMs. A part of `npm run bench`; alone it measures dist/, which `node esbuild.mjs --minify` makes, and
// writes out/bench-cli.json:
//   node --import tsx test/bench/cli.mjs [--quick] [BUNDLE]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeLibrary } from '../../server/nodeFiles.ts';
import { root } from '../vshost/install.mjs';
import { inTurns, markdown, median, ms, ratio } from './figures.mjs';
import { makeTree, vmText } from './vmTree.mjs';

const built = join(root, 'out/bench/dist/hostpci.mjs');

export async function measure({ quick, bundle = existsSync(built) ? built : join(root, 'dist/hostpci.mjs') }) {
  const folder = mkdtempSync(join(tmpdir(), 'hostpci-bench-'));
  try {
    const counts = quick ? [100, 1000] : [100, 1000, 10000];
    const trees = counts.map(count => ({ count, root: join(folder, String(count)) }));
    for (const tree of trees) tree.vms = makeTree(tree.root, tree.count);
    const single = join(folder, '101.conf');
    writeFileSync(single, vmText(101));
    const options = { bundle, rounds: quick ? 3 : 9 };
    return [oneFile(single, options), ...manyFiles(trees, options), await keystrokes(folder, quick ? 100 : 1000)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function oneFile(path, { bundle, rounds }) {
  const cases = { node: ['-e', '0'], check: [bundle, 'check', path] };
  const { times, memory } = processes(cases, rounds * 3);
  const [node, check] = [times.node, times.check].map(median);
  return {
    title: '`hostpci check` of one file',
    columns: ['', 'median ms', 'MB', 'ratio'],
    rows: [
      ['node -e 0', ms(node), memory.node.toFixed(0), ''],
      ['hostpci check 101.conf', ms(check), memory.check.toFixed(0), ratio(check, node)],
    ],
  };
}

/** Reads and splits, and nothing else. */
const bare = `
const { readdirSync, readFileSync } = require('node:fs');
const folder = process.argv[1];
let lines = 0;
for (const name of readdirSync(folder)) lines += readFileSync(folder + '/' + name, 'utf8').split('\\n').length;
console.log(lines);`;

function manyFiles(trees, { bundle, rounds }) {
  const cases = Object.fromEntries([
    ...trees.map(({ count, vms }) => [`bare ${count}`, ['-e', bare, vms]]),
    ...trees.map(({ count, root: site }) => [`check ${count}`, [bundle, 'check', site]]),
  ]);
  const { times, memory } = processes(cases, rounds);
  const all = trees.map(({ count }) => ({
    count,
    bare: median(times[`bare ${count}`]),
    check: median(times[`check ${count}`]),
    memory: memory[`check ${count}`],
  }));
  const table = {
    title: '`hostpci check` of a tree of VMs with a snapshot, all rules',
    columns: ['VMs of 1 KB', 'read and split, ms', 'check, ms', 'ratio', 'peak MB'],
    rows: all.map(one => [one.count, ms(one.bare), ms(one.check), ratio(one.check, one.bare), one.memory.toFixed(0)]),
    note: `Exponent from ${all[0].count} to ${all.at(-1).count}: ${slope(all).toFixed(2)}.`,
  };
  return [table];
}

/** Slope of the line through the logarithms: how the time grows with the number of files. */
function slope(all) {
  const points = all.map(({ count, check }) => [Math.log(count), Math.log(check)]);
  const [x, y] = [0, 1].map(axis => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** Runs every case once a round, in turns. Answers times in ms, and the largest memory in MB. */
function processes(cases, rounds) {
  const times = Object.fromEntries(Object.keys(cases).map(name => [name, []]));
  const memory = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, words] of Object.entries(cases)) {
      const started = performance.now();
      const { error, status, stderr } = spawnSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
      times[name].push(performance.now() - started);
      if (error ?? status > 1) throw error ?? new Error(`${name}: ${stderr}`);
      if (round === 0) memory[name] = peak(words);
    }
  }
  return { times, memory };
}

/** Peak resident memory of a process in MB, as it tells itself at its end. */
function peak(words) {
  const tell = "process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS))";
  const preload = `data:text/javascript,${encodeURIComponent(tell)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', preload, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  return Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1024;
}

/** Diagnostics after each keystroke in one VM, with and without a thousand others on its node. */
async function keystrokes(folder, rounds) {
  const places = { 'in the name': [/^name: .*$/m, 'name: '], 'in a hostpciN line': [/^hostpci0: .*$/m, 'hostpci0: '] };
  const rows = [];
  for (const passthrough of [0.1, 1]) {
    const [few, many] = await Promise.all([1, 1000].map(count => openIn(folder, count, passthrough)));
    for (const [name, [pattern]] of Object.entries(places)) {
      const alone = typist(few, pattern);
      const crowd = typist(many, pattern);
      for (let warm = 0; warm < rounds; warm++) for (const type of [alone, crowd]) type();
      const times = await inTurns({ alone, crowd }, rounds);
      const [one, all] = [times.get('alone'), times.get('crowd')].map(median);
      rows.push([`${name}, ${passthrough * 100} % with devices`, ms(one), ms(all), ratio(all, one)]);
    }
  }
  return {
    title: 'Diagnostics after a keystroke in one VM',
    columns: ['', 'alone, ms', 'among 1,000 VMs, ms', 'ratio'],
    rows,
  };
}

/** A service that has a VM with a PCI device open, in a tree of so many VMs. */
async function openIn(folder, count, passthrough) {
  const site = join(folder, `keys-${count}-${passthrough}`);
  const vms = makeTree(site, count, { passthrough });
  const { createLanguageService } = await import('../../server/languageService.ts');
  const { nodeFiles } = await import('../../server/nodeFiles.ts');
  const log = { error: message => console.error(message) };
  const library = nodeLibrary(join(root, 'server/data'), log.error);
  const service = createLanguageService({ files: nodeFiles(), library, log });
  const path = join(vms, '100.conf');
  writeFileSync(path, vmText(100, { passthrough: 1 }));
  const text = readFileSync(path, 'utf8');
  const uri = pathToFileURL(path).href;
  await service.open(uri, 'pve-vm-conf', 1, text);
  await service.settled?.();
  return { service, uri, text };
}

/** Puts a character at the end of a line and takes it back, in turns. */
function typist({ service, uri, text }, pattern) {
  const found = pattern.exec(text);
  const line = text.slice(0, found.index).split('\n').length - 1;
  const at = { line, character: found[0].length };
  let version = 1;
  return () => {
    const typed = version % 2 === 1;
    const end = typed ? at : { line, character: at.character + 1 };
    service.change(uri, ++version, [{ range: { start: at, end }, text: typed ? '1' : '' }]);
    service.diagnostics(uri);
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const bundle = args.find(arg => arg !== '--quick');
  const quick = args.includes('--quick');
  const tables = await measure({ quick, ...(bundle ? { bundle: resolve(bundle) } : {}) });
  console.log(tables.map(markdown).join('\n'));
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out/bench-cli.json'), `${JSON.stringify(tables, null, 1)}\n`);
}
