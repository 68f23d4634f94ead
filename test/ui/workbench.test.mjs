// The whole trip in the installed extension, with mouse and keyboard. Each test goes on where the one before it stopped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findInSite, openDemo } from './workbench.mjs';

suite('in the workbench', () => {
  let demo;
  let vm;

  suiteSetup(async () => {
    demo = await openDemo();
    vm = findInSite(demo.site, 'etc/pve', text => /^hostpci\d+:.*pcie=1/m.test(text) && !/^machine:.*q35/m.test(text));
  });
  suiteTeardown(async () => {
    await demo?.shot('last');
    await demo?.close();
  });

  test('a VM opened from the explorer is coloured, has a squiggle and an entry in Problems', async () => {
    await demo.openFromExplorer(vm);
    await demo.squiggle('error').waitFor();
    await demo.page.keyboard.press('Control+Shift+M');
    await demo.problem('q35').waitFor();
    await demo.problem('pcie-needs-q35').waitFor();
    const colours = await demo.colours();
    assert.ok(colours.length >= 4, `only ${colours}`);
    await demo.shot('problems');
  });

  test('hover shows the property, and the device behind an address', async () => {
    await demo.word('pcie').hover();
    await demo.hover(/PCI Express|PCIe/).waitFor();
    await demo.shot('hover-property');
    await demo.page.mouse.move(640, 20);
    await demo.word(/\b[0-9a-f]{2}:[0-9a-f]{2}\b/).hover();
    await demo.hover(/group/i).waitFor();
    await demo.shot('hover-device');
    await demo.page.mouse.move(640, 20);
  });

  test('the quick fix makes the machine q35', async () => {
    await demo.squiggle('error').click({ force: true }); // the text lies above the line
    await demo.page.keyboard.press('Control+.');
    const fix = demo.page.locator('.action-widget .monaco-list-row', { hasText: 'q35' }).first();
    await fix.waitFor();
    await demo.shot('quick-fix');
    await fix.click();
    await demo.shows(/^machine: .*q35/);
    await demo.problem('pcie-needs-q35').waitFor({ state: 'detached' });
    await demo.page.keyboard.press('Control+S');
    await demo.page.keyboard.press('Control+J'); // closes the panel again
  });

  test('hostpci: offers the devices of the host, and an accepted one is written', async () => {
    await demo.goToEnd();
    await demo.page.keyboard.press('Enter');
    await demo.page.keyboard.type('hostpci9: ', { delay: 30 });
    await demo.suggestion('01:00').waitFor();
    await demo.shot('completion-devices');
    await demo.page.keyboard.type('04:00.0', { delay: 30 });
    await demo.selectedSuggestion('0000:04:00.0').waitFor();
    await demo.page.keyboard.press('Tab');
    await demo.shows(/^hostpci9: 0000:04:00\.0/);
    await demo.page.keyboard.type(',x-v', { delay: 30 });
    await demo.selectedSuggestion('x-vga').waitFor();
    await demo.page.keyboard.press('Tab');
    await demo.shows(/^hostpci9: 0000:04:00\.0.*,x-vga=/); // a hint with the device's name stands between
    await demo.shot('completion-property');
  });

  test('a wrong id in modprobe.d is marked', async () => {
    await demo.openQuickly(findInSite(demo.site, 'etc/modprobe.d', text => /^options vfio-pci ids=10de:/m.test(text)));
    await demo.squiggle('warning').waitFor();
    await demo.squiggle('warning').hover({ force: true });
    await demo.hover(/ids-unknown-device/).waitFor();
    await demo.shot('modprobe');
    await demo.page.mouse.move(640, 20);
  });

  test('the tree shows the devices of the host, and a VM that uses one is a click away', async () => {
    await demo.page.locator('.activitybar a[aria-label="Proxmox VE Hosts"]').click();
    await demo.treeRow(2, `Group ${groupOf(demo.site, '0000:01:00.0')}`).waitFor();
    await demo.treeRow(3, 'RTX 3050').waitFor();
    await demo.shot('tree');
    await demo.treeRow(3, 'RTX 3050').locator('.monaco-tl-twistie').click();
    await demo.treeRow(4, 'VM 101').click();
    await demo.tab(basename(vm)).and(demo.page.locator('[aria-selected="true"]')).waitFor();
    await demo.shot('tree-open');
  });
});

/** The IOMMU group of a function, as the site's snapshot says it. */
function groupOf(site, address) {
  const text = readFileSync(join(site, 'pve1.snapshot'), 'utf8');
  const record = text.slice(text.indexOf(`\n${address}\n`));
  return /^ {2}group: (\d+)$/m.exec(record)[1];
}
