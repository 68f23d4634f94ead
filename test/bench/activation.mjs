// What activating the extension costs, beside an extension that only starts an empty language client: both in the extension
// host of the same real VS Code, each start in a new one, in turns first and second.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openWorkbench, startServer } from '../vshost/host.mjs';
import { root, vshost } from '../vshost/install.mjs';
import { temporaryFolder } from '../vshost/processes.mjs';
import { bundle } from './bundle.mjs';
import { contestants } from './contestants.mjs';
import { extensionFolder, folder, manifest, ourExtension } from './extensions.mjs';
import { median, ms, percentile, ratio } from './figures.mjs';
import { makeTree } from './vmTree.mjs';

const names = ['hostpci', 'empty-client'];

export async function measure({ quick }) {
  await contestants(); // builds the server that the empty client starts
  await makeExtensions();
  const starts = [];
  const rounds = quick ? 2 : 8;
  const browser = await launchBrowser();
  for (let round = 0; round < rounds; round++) {
    starts.push(await start(browser, round % 2 === 0 ? names : names.toReversed()));
  }
  await browser.close();
  const timesOf = (name, what) => starts.map(({ times }) => times[name][what]);
  const row = (name, label) =>
    ['activate', 'load'].flatMap(what => {
      const [own, empty] = [name, 'empty-client'].map(one => median(timesOf(one, what)));
      return [
        ...(what === 'activate' ? [label] : []),
        ms(own),
        ms(percentile(timesOf(name, what), 99)),
        ratio(own, empty),
      ];
    });
  const early = new Set(starts.flatMap(one => one.early));
  return [
    {
      title: 'Activation',
      columns: ['extension', '`activate`', 'worst', '÷ empty', 'loading its code', 'worst', '÷ empty'],
      rows: [row('empty-client', 'only an empty language client'), row('hostpci', 'hostpci')],
      note: `Medians of ${rounds} starts of VS Code, in ms. Active before any file was open: ${[...early].join(', ') || 'neither'}.`,
    },
  ];
}

async function makeExtensions() {
  ourExtension();
  const { version, publisher, engines } = manifest;
  // VS Code runs a test entry only beside an extension in development; this one is empty.
  extensionFolder('suite', { name: 'suite', version, publisher, engines });
  const empty = extensionFolder('empty-client', { name: 'empty-client', version, publisher, engines });
  cpSync(join(folder, 'floor.cjs'), join(empty, 'floor.cjs'));
  await bundle(join(root, 'test/bench/emptyClient.mjs'), join(empty, 'timed.cjs'), { external: ['vscode'] });
}

/** Resolves with what the suite tells of a new VS Code on a site with one VM. */
async function start(browser, order) {
  const site = temporaryFolder('hostpci-activation');
  const result = join(temporaryFolder('hostpci-result'), 'result.json');
  const file = join(makeTree(site, 1), '100.conf');
  const env = {
    HOSTPCI_TEST_SUITE: join(root, 'test/bench/activationSuite.cjs'),
    HOSTPCI_BENCH_ORDER: order.join(','),
    HOSTPCI_BENCH_FILE: file,
    HOSTPCI_BENCH_RESULT: result,
  };
  const server = await startServer({ env, driven: true, extensions: names.map(name => join(folder, name)) });
  const page = await browser.newPage();
  try {
    const code = await new Promise((resolve, reject) => {
      setTimeout(reject, 120_000, new Error('VS Code gave no result')).unref();
      const open = async () => {
        await page.exposeFunction('codeAutomationLog', () => {});
        await page.exposeFunction('codeAutomationExit', resolve);
        const [development, tests] = [join(folder, 'suite'), join(vshost, 'testEntry.cjs')];
        await openWorkbench(page, server, { folder: site, development, tests });
      };
      open().catch(reject);
    });
    if (code !== 0) throw new Error(`the suite ended with ${code}\n${server.log().slice(-3000)}`);
    return JSON.parse(readFileSync(result, 'utf8'));
  } finally {
    await page.context().close();
    await server.close();
  }
}
