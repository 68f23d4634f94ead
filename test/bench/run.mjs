// npm run bench: measures hostpci beside others in one run; prints tables in Markdown and writes out/bench.json.
//   npm run bench [-- PART … | --quick]        only those parts; their names are the keys of `parts` below
// Every part is a module with `measure(options)`, which answers a list of { title, columns, rows, note? }: rows of texts and
// numbers as they are to be shown. `options.quick` asks for few rounds, to see that everything runs. Nothing is asserted: what counts is the
// ratio between things measured side by side, and whoever reads it knows what else the machine did.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, root, vshost } from '../vshost/install.mjs';
import { exit, run } from '../vshost/processes.mjs';
import { markdown } from './figures.mjs';

const parts = {
  servers: () => import('./servers.mjs'),
  cli: () => import('./cli.mjs'),
  hosts: () => import('./hosts.mjs'),
  activation: () => import('./activation.mjs'),
  tree: () => import('./tree.mjs'),
  grammars: () => import('./grammars.mjs'),
};

exit(await main(process.argv.slice(2)));

async function main(args) {
  const quick = args.includes('--quick');
  const names = args.filter(name => name !== '--quick');
  const unknown = names.filter(name => !(name in parts));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}`);
    return 2;
  }
  await setUp();
  const results = {};
  for (const name of names.length > 0 ? names : Object.keys(parts)) {
    console.error(`── ${name}, load ${loadavg()[0].toFixed(1)}`);
    const temporary = tmpdir();
    results[name] = await (await parts[name]()).measure({ quick });
    process.env.TMPDIR = temporary; // browsers change it, and paths of sockets must stay short
    console.log(results[name].map(markdown).join('\n'));
  }
  const machine = { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version, loadAfter: loadavg() };
  writeFileSync(join(root, 'out/bench.json'), `${JSON.stringify({ machine, results }, null, 1)}\n`);
  return 0;
}

/** What is measured is built as it is packaged, beside `dist/`, which stays as it is. */
async function setUp() {
  await installPackages(root);
  await installPackages(join(root, 'test/bench/peers'));
  if (process.platform === 'linux') await installPackages(vshost);
  mkdirSync(join(root, 'out'), { recursive: true });
  const code = await run(process.execPath, ['esbuild.mjs', '--minify', '--out=out/bench/dist'], { cwd: root });
  if (code !== 0) throw new Error('the build failed');
}
