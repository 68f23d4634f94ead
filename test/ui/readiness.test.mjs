// Is a VM ready for passthrough? Asked from the lens and from the tree, mended from the view, told to a forum.
import assert from 'node:assert/strict';
import { findInSite, openDemo } from './workbench.mjs';

suite('the readiness of a VM', () => {
  let demo;
  let page;

  suiteSetup(async () => {
    demo = await openDemo();
    page = demo.page;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await demo.openQuickly(findInSite(demo.site, 'etc/pve', text => /^name: win11$/m.test(text)));
  });
  suiteTeardown(async () => {
    await demo?.shot('readiness-last');
    await demo?.close();
  });

  test('the lens above a device checks its VM; what failed is open, what passed is not', async () => {
    await page.locator('.codelens-decoration a', { hasText: 'Check passthrough' }).first().click();
    await row(1, /^Not ready: \d+ of \d+ steps failed/).waitFor();
    await header('VM 101 (win11)').waitFor();
    await row(1, 'hostpci0').waitFor();
    assert.equal(await row(1, 'hostpci0').getAttribute('aria-expanded'), 'true');
    assert.equal(await row(1, 'Firmware').getAttribute('aria-expanded'), 'false');
    assert.match(await row(1, 'Firmware').getAttribute('aria-label'), /: passed, \d+ of \d+$/);
    await widen();
    await shots('readiness');
  });

  test('a click on evidence opens its line', async () => {
    await row(3, 'blacklist nouveau nvidia').click();
    await demo.tab('blacklist-gpu.conf').and(page.locator('[aria-selected="true"]')).waitFor();
    await demo.shows(/^blacklist nouveau nvidia/);
    await demo.tab('101.conf').click();
  });

  test('a fix is applied from its row, and the step passes by itself', async () => {
    await fold('hostpci0');
    await fix().waitFor();
    await shots('readiness-fix');
    await fix().hover();
    await fix().getByRole('button', { name: 'Apply Fix' }).click();
    await demo.shows(/^machine: .*q35/);
    await fix().waitFor({ state: 'detached' });
    assert.equal(await row(1, 'hostpci0').getAttribute('aria-expanded'), 'false', 'what was folded stays so');
  });

  test('taken back in the editor, it fails again', async () => {
    await demo.editor.locator('.view-lines').click();
    await page.keyboard.press('Control+Z');
    await demo.shows(/^machine: pc-i440fx/);
    await fix().waitFor();
  });

  test('the report is copied as Markdown', async () => {
    await pane().locator('.pane-header').hover();
    await pane().getByRole('button', { name: 'Copy Report' }).click();
    await page.getByText('The report is in the clipboard').waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(report, /^### PCI passthrough: VM 101/);
    assert.match(report, /q35/);
  });

  test('a device and a host are checked from their rows in the tree', async () => {
    await demo.chooseInMenu(demo.treeRow(3, 'GeForce'), 'Check Passthrough');
    await header('GeForce').waitFor();
    await demo.treeRow(1, 'pve1').hover();
    await demo.treeRow(1, 'pve1').getByRole('button', { name: 'Check Passthrough' }).click();
    await header('Host pve1').waitFor();
    assert.equal(await page.locator('.notification-toast .codicon-error').count(), 0, 'nothing failed on the way');
  });

  const pane = () => page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Readiness' }) });
  const header = text => page.locator('.pane-header', { hasText: 'Readiness' }).filter({ hasText: text });
  const rows = (level, text) => pane().locator(`.monaco-list-row[aria-level="${level}"]`, { hasText: text });
  const row = (level, text) => rows(level, text).first();
  const fix = () => rows(3, /q35/).filter({ has: page.locator('.codicon-wrench') });

  async function fold(stage) {
    await row(1, stage).locator('.monaco-tl-twistie').click();
    await row(1, stage).and(page.locator('[aria-expanded="false"]')).waitFor();
  }

  /** A side bar in which sentences can be read, most of it for the readiness. */
  async function widen() {
    const bar = await page.locator('.part.sidebar').boundingBox();
    await drag(bar.x + bar.width + 1, 300, bar.x + 480, 300);
    const head = await pane().locator('.pane-header').boundingBox();
    await drag(head.x + 120, head.y - 1, head.x + 120, 170);
  }

  async function drag(fromX, fromY, toX, toY) {
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(toX, toY, { steps: 5 });
    await page.mouse.up();
  }

  /** The same picture in both themes. */
  async function shots(name) {
    for (const wanted of ['vs-dark', 'vs']) {
      await demo.theme(wanted);
      await page.mouse.move(900, 700);
      await page.locator('.monaco-hover.workbench-hover').waitFor({ state: 'detached' });
      await demo.shot(`${name}-${wanted === 'vs' ? 'light' : 'dark'}`);
    }
  }
});
