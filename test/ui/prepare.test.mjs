// A device is given to a VM as a person does it: asked step by step, previewed, ticked, applied, taken back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findInSite, openDemo } from './workbench.mjs';

suite('preparing a device', () => {
  let demo;
  let page;
  let vm;

  suiteSetup(async () => {
    demo = await openDemo();
    page = demo.page;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    vm = findInSite(demo.site, 'etc/pve', text => /^name: docker$/m.test(text));
    await demo.openQuickly(vm);
    await page.locator('.activitybar a[aria-label^="Proxmox VE Hosts"]').click();
    await demo.treeRow(3, 'GeForce').waitFor();
  });
  suiteTeardown(async () => {
    await demo?.shot('prepare-last');
    await demo?.close();
  });

  test('what the host stands on is refused with the reason', async () => {
    await prepare('I219-V');
    const dialog = page.getByRole('dialog').filter({ hasText: 'I219-V cannot be given to a VM' });
    await dialog.getByText('vmbr0').waitFor();
    await demo.shot('prepare-refused');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('the steps lead forth and back', async () => {
    await prepare('GeForce');
    await choice('VM 100 (docker)').waitFor();
    await demo.shot('prepare-vm');
    await page.keyboard.press('Enter');
    await choice('Its address').waitFor();
    await page.locator('.quick-input-widget').getByRole('button', { name: 'Back' }).click();
    await choice('VM 103 (storage)').waitFor();
    await choice('VM 100 (docker)').click();
    await choice('Its address').waitFor();
    await page.keyboard.press('Enter');
  });

  test('every change can be unticked before it is made', async () => {
    await change('hostpci2: 0000:01:00,pcie=1').waitFor();
    await change('10de:2291').waitFor();
    await page.getByRole('tab', { name: 'Preview Plan' }).waitFor();
    await shots('prepare-preview');
    assert.ok(await change('hostpci2').getByRole('checkbox').isChecked());
    assert.ok(
      !(await change('10de:2291').getByRole('checkbox').isChecked()),
      'a container needs the driver of the host',
    );
    await change('10de:2291').getByRole('checkbox').check();
    await change('10de:2291').getByRole('checkbox').uncheck();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    // What only the change would need that was left out is not asked for.
    await told(/done\. Save 100\.conf\. Then run on the host: qm reboot 100(?!;)/).waitFor();
    await page.locator('.pane-header', { hasText: 'Readiness' }).filter({ hasText: 'VM 100' }).waitFor();
    await demo.shot('prepare-done');
    await told('Then run').getByRole('button', { name: 'Copy Commands' }).click();
    await told('Then run').waitFor({ state: 'detached' });
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) === 'qm reboot 100');
    assert.doesNotMatch(onDisk('etc/modprobe.d/vfio.conf'), /10de:2291/);
    await takeBack();
  });

  test('all of a plan is written, and one undo takes all of it back', async () => {
    await prepare('GeForce');
    await choice('VM 100 (docker)').waitFor();
    await page.keyboard.press('Enter');
    await choice('A new mapping').click();
    await page.locator('.quick-input-widget').getByText('Name of the new mapping').waitFor();
    await page.keyboard.type('9');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').getByText('a letter first').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('upstairs');
    await page.keyboard.press('Enter');
    await change('hostpci2: mapping=upstairs').waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await told('Then run on the host').waitFor();
    assert.match(onDisk('etc/pve/mapping/pci.cfg'), /^upstairs$/m, 'VS Code saves a refactoring of several files');
    assert.match(onDisk(vm), /^hostpci2: mapping=upstairs/m);
    await takeBack();
    await demo.openQuickly('pci.cfg');
    await demo.shows(/^nic\b/);
    assert.equal(await demo.word('upstairs').count(), 0);
  });

  const choice = text => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  const change = text => page.locator('.bulk-edit-panel .monaco-list-row', { hasText: text }).last();
  const told = text => page.locator('.notification-toast', { hasText: text });
  const onDisk = path => readFileSync(join(demo.site, path), 'utf8');

  const prepare = name => demo.chooseInMenu(demo.treeRow(3, name), 'Prepare Device');

  async function takeBack() {
    await demo.tab('100.conf').click();
    await page.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.press('Control+Home');
    await demo.shows(/^hostpci2: /);
    await page.keyboard.press('Control+Z');
    await page.waitForFunction(() => {
      const lines = document.querySelector('.editor-group-container.active .view-lines');
      return lines && !lines.innerText.includes('hostpci2');
    });
    // A row that is drawn anew has no menu for a moment.
    await demo.treeRow(3, 'GeForce').filter({ hasText: 'VM 100' }).waitFor({ state: 'detached' });
  }

  /** The same picture in both themes. */
  async function shots(name) {
    for (const wanted of ['vs-dark', 'vs']) {
      await demo.theme(wanted);
      await page.mouse.move(900, 300);
      await page.locator('.monaco-hover.workbench-hover').waitFor({ state: 'detached' });
      await demo.shot(`${name}-${wanted === 'vs' ? 'light' : 'dark'}`);
    }
  }
});
