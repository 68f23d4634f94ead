// The device tree in a real VS Code: how long from a click or a key until the rows are drawn, with 500 devices and with the
// few of the demo site. What takes the same time with both is VS Code's own.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openWorkbench, startServer } from '../vshost/host.mjs';
import { root } from '../vshost/install.mjs';
import { temporaryFolder } from '../vshost/processes.mjs';
import { ourExtension } from './extensions.mjs';
import { inTurns, median, ms, percentile, ratio } from './figures.mjs';

export async function measure({ quick }) {
  const [server, browser] = await Promise.all([startServer({ extensions: [ourExtension()] }), launchBrowser()]);
  try {
    const [few, many] = [await openTree(browser, server, 0), await openTree(browser, server, 480)];
    const rounds = quick ? 3 : 15;
    const arranged = await inTurns({ few: few.arrange, many: many.arrange }, rounds);
    for (const tree of [few, many]) await tree.openFilter();
    const filtered = await inTurns({ few: few.filter, many: many.filter }, rounds);
    const row = (label, times) => {
      const figures = [...times.values()].flatMap(values => [ms(median(values)), ms(percentile(values, 99))]);
      return [label, ...figures, ratio(median(times.get('many')), median(times.get('few')))];
    };
    const sizes = [few, many].flatMap(tree => [`${tree.devices} devices`, 'worst']);
    return [
      {
        title: 'Device tree in VS Code',
        columns: ['until the rows are drawn', ...sizes, 'ratio'],
        rows: [row('arranging it otherwise', arranged), row('a key in the filter', filtered)],
        note: 'Medians in ms.',
      },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A window on the demo site, whose host has so many virtual functions more, with the tree on the screen. */
async function openTree(browser, server, more) {
  const site = join(temporaryFolder('hostpci-tree'), 'demo');
  cpSync(join(root, 'test/sites/demo'), site, { recursive: true });
  for (const name of readdirSync(site).filter(file => file.endsWith('.snapshot'))) {
    const path = join(site, name);
    writeFileSync(path, withFunctions(readFileSync(path, 'utf8'), more));
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await openWorkbench(page, server, { folder: site });
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  await page.locator('.activitybar a[aria-label^="Proxmox VE Hosts"]').click();
  const row = (level, text) =>
    page.locator(`.part.sidebar .monaco-list-row[aria-level="${level}"]`, { hasText: text }).first();
  await row(2, 'Group 1').waitFor();
  return { devices: 21 + more, ...actions(page, row) };
}

function actions(page, row) {
  const button = async name => {
    await page.locator('.part.sidebar').hover({ position: { x: 100, y: 600 } });
    await page.locator('.part.sidebar').getByRole('button', { name }).first().click();
  };
  let isByClass = false;
  let isFiltered = false;
  const host = row(1, / of \d+ devices/);
  return {
    async arrange() {
      isByClass = !isByClass;
      await button(isByClass ? 'Arrange by Class' : 'Arrange by IOMMU Group');
      await row(2, isByClass ? 'Graphics' : 'Group 1').waitFor();
    },
    async openFilter() {
      await button('Filter Devices');
      await page.locator('.quick-input-widget input').waitFor();
    },
    /** One key more or one less in the open filter. */
    async filter() {
      isFiltered = !isFiltered;
      await page.keyboard.press(isFiltered ? '2' : 'Backspace');
      await host.waitFor({ state: isFiltered ? 'visible' : 'detached' });
    },
  };
}

/** Virtual functions as a network card has them, eight to a slot, each in a group of its own. */
function withFunctions(snapshot, count) {
  const address = at =>
    `0000:${(0x80 + (at >> 8)).toString(16)}:${((at >> 3) & 31).toString(16).padStart(2, '0')}.${at & 7}`;
  const functions = Array.from({ length: count }, (_, at) =>
    [
      address(at),
      '  class: 0200 Ethernet controller',
      '  vendor: 8086 Intel Corporation',
      '  device: 1889 Ethernet Adaptive Virtual Function',
      `  group: ${100 + at}`,
    ].join('\n'),
  );
  const end = snapshot.indexOf('\n== ', snapshot.indexOf('== pci functions'));
  return `${snapshot.slice(0, end).trimEnd()}\n${functions.join('\n')}\n${snapshot.slice(end)}`;
}
