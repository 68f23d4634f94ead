// The device tree as a person uses it, with mouse and keyboard: arrangements, filter, drag and drop, menus.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findInSite, openDemo } from './workbench.mjs';

suite('the device tree', () => {
  let demo;
  let vm;

  suiteSetup(async () => {
    demo = await openDemo();
    vm = findInSite(demo.site, 'etc/pve', text => /^name: win11$/m.test(text));
    await demo.page.setViewportSize({ width: 1280, height: 800 });
    await demo.openQuickly(vm);
    await demo.page.locator('.activitybar a[aria-label^="Proxmox VE Hosts"]').click();
    await device('GeForce').waitFor();
  });
  suiteTeardown(async () => {
    await demo?.shot('tree-last');
    await demo?.close();
  });

  test('tells at one look, in 300 pixels, what each device is and where', async () => {
    const width = (await sidebar().boundingBox()).width;
    assert.ok(width <= 310, `the side bar is ${width} pixels wide`);
    for (const name of ['GeForce RTX 3050 6GB', 'USB 3.0 xHCI Controller', 'I219-V', 'SATA controller']) {
      const row = device(name);
      await row.scrollIntoViewIfNeeded();
      const shown = await row.evaluate(visibleText);
      assert.ok(shown.includes(name), `of "${name}" one sees "${shown}"`);
      assert.match(shown, /[0-9a-f]{2}:[0-9a-f]{2}/, `of "${name}" one sees "${shown}"`);
    }
    await device('GeForce').scrollIntoViewIfNeeded();
  });

  test('can be arranged by class and by use, in dark and light', async () => {
    await shots('group');
    await button('Arrange by Class').click();
    await demo.treeRow(2, 'Graphics').waitFor();
    await shots('class');
    await button('Arrange by Use').click();
    await demo.treeRow(2, 'VM 101 (win11)').waitFor();
    await shots('use');
    await button('Arrange by IOMMU Group').click();
    await demo.treeRow(2, 'Group 2').waitFor();
  });

  test('filters while one types, marks what matches, and Escape takes it back', async () => {
    const before = await rowCount();
    await button('Filter Devices').click();
    await demo.page.locator('.quick-input-widget input').waitFor();
    await demo.page.keyboard.type('group 2', { delay: 30 });
    await demo.treeRow(1, '3 of 21 devices').waitFor();
    assert.equal(await demo.treeRow(2, 'Group 2').locator('.highlight').innerText(), 'Group 2');
    await demo.shot('tree-filter');
    await demo.page.keyboard.press('Escape');
    await demo.treeRow(1, '3 of 21 devices').waitFor({ state: 'detached' });
    assert.equal(await rowCount(), before);
    await button('Filter Devices').click();
    await demo.page.locator('.quick-input-widget input').waitFor();
    await demo.page.keyboard.type('nvidia', { delay: 30 });
    await demo.treeRow(1, '2 of 21 devices').waitFor();
    await device('GeForce').click();
    await demo.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    assert.equal(
      await demo.treeRow(1, '2 of 21 devices').count(),
      1,
      'the filter stays for who works with what it found',
    );
    await button('Clear Device Filter').click();
    await demo.treeRow(1, '2 of 21 devices').waitFor({ state: 'detached' });
    await button('Filter Devices').click();
    await demo.page.locator('.quick-input-widget input').waitFor();
    await demo.page.keyboard.type('no such card', { delay: 30 });
    await sidebar().getByText('No device of any host matches the filter.').waitFor();
    await demo.page.keyboard.press('Enter');
    await sidebar().getByRole('button', { name: 'Clear the Filter' }).click();
    await device('GeForce').waitFor();
  });

  test('a resting mouse shows the card of a device', async () => {
    await device('I211 Gigabit').hover();
    await demo.hover(/IOMMU group 12, alone in it/).waitFor();
    await demo.shot('tree-card');
    await demo.page.mouse.move(900, 600);
  });

  for (const shift of [false, true]) {
    const [name, line] = shift
      ? ['Group 12', /^hostpci2: 0000:03:00\.0/]
      : ['SATA controller', /^hostpci1: 0000:00:17\.0/];
    test(`${name} dragged into a VM becomes a line${shift ? ', with Shift too' : ''}`, async () => {
      await drag(shift ? demo.treeRow(2, name) : device(name), shift);
      await demo.shows(line);
      await device(shift ? 'I211 Gigabit' : name)
        .filter({ hasText: 'VM 101' })
        .waitFor();
      assert.equal(await demo.page.locator('.tabs-container .tab').count(), 1, 'nothing else was opened');
    });
  }

  test('several devices dragged into a file of modprobe.d add their ids', async () => {
    await openInFront('vfio.conf');
    await choose('I211 Gigabit');
    await device('Dual Band').click({ modifiers: ['Control'] });
    await drag(device('I211 Gigabit'), false);
    await demo.shows(/^options vfio-pci ids=10de:2584.*,8086:1539.*,8086:24fb/);
    await openInFront(basename(vm));
  });

  test('arrow keys and Ctrl+Enter insert the focused device, open or closed rows stay as they are', async () => {
    await choose('CSME HECI');
    for (let step = 0; step < 2; step++) await demo.page.keyboard.press('ArrowUp');
    const before = await rowCount();
    await demo.page.keyboard.press('Control+Enter');
    await demo.shows(/^hostpci3: 0000:00:14\.2/);
    assert.equal(await rowCount(), before);
    await demo.shot('tree-inserted');
  });

  test('a new use is seen in the tree before the file is saved', async () => {
    await button('Arrange by Use').click();
    await demo.treeRow(2, 'VM 101 (win11)').filter({ hasText: '5 devices' }).waitFor();
    await button('Arrange by IOMMU Group').click();
    await device('GeForce').waitFor();
  });

  test('the menu, opened with the keyboard, creates a mapping', async () => {
    await choose('Dual Band');
    await demo.page.keyboard.press('Shift+F10');
    const create = demo.page.getByRole('menuitem', { name: 'Create PCI Mapping' });
    await create.waitFor();
    await demo.shot('tree-menu');
    await create.click();
    await demo.tab('pci.cfg').and(demo.page.locator('[aria-selected="true"]')).waitFor();
    await demo.shows(/^nic2\b/);
    await demo.page.locator('.monaco-editor.focused').waitFor();
    await demo.page.keyboard.type('wifi');
    await demo.shows(/^wifi\b/);
    await demo.shot('tree-mapping');
  });

  test('a click on a guest leads to its line', async () => {
    await openInFront('101.conf');
    const guest = demo.treeRow(4, /VM 103.*hostpci1/);
    const opened = demo.tab('103.conf').and(demo.page.locator('[aria-selected="true"]'));
    // The mapping of the test before is a row of its own now; until it is drawn, rows still move below the mouse.
    await device('Dual Band').and(demo.page.locator('[aria-expanded]')).waitFor();
    for (let tries = 0; tries < 5 && (await opened.count()) === 0; tries++) {
      if (!(await guest.isVisible())) await device('SanDisk').locator('.monaco-tl-twistie').click();
      await guest.click({ timeout: 3000 }).catch(() => {});
      await opened.waitFor({ timeout: 3000 }).catch(() => {});
    }
    await opened.waitFor();
    assert.ok(/05:00\.0/.test(readFileSync(join(demo.site, vm, '..', basename('103.conf')), 'utf8')));
  });

  const sidebar = () => demo.page.locator('.part.sidebar');
  const device = name => demo.treeRow(3, name);
  const rowCount = () => sidebar().locator('.monaco-list-row').count();

  /** A button of the view's title; it is there while the mouse is over the view. */
  const button = name => {
    const found = sidebar().getByRole('button', { name });
    return {
      click: async () => {
        await sidebar().hover({ position: { x: 100, y: 600 } });
        await found.first().click();
        await demo.page.mouse.move(900, 600);
      },
    };
  };

  /** Clicks a device until it is the chosen one: rows move while the tree is drawn. */
  async function choose(name) {
    for (let tries = 0; tries < 5; tries++) {
      await device(name).click();
      await demo.page.waitForTimeout(200);
      if (await device(name).evaluate(row => row.classList.contains('selected'))) return;
    }
    throw new Error(`${name} cannot be chosen`);
  }

  async function openInFront(name) {
    if ((await demo.tab(name).count()) === 0) await demo.openQuickly(name);
    await demo.tab(name).click();
    await demo.tab(name).and(demo.page.locator('[aria-selected="true"]')).waitFor();
  }

  /** The same picture in both themes. */
  async function shots(name) {
    await demo.page.mouse.move(900, 600);
    for (let turn = 0; turn < 2; turn++) {
      await demo.page.waitForTimeout(400);
      await demo.shot(`tree-${name}-${(await isDark()) ? 'dark' : 'light'}`);
      await toggleTheme();
    }
  }

  const isDark = () => demo.page.locator('.monaco-workbench.vs-dark').isVisible();

  async function toggleTheme() {
    const wanted = (await isDark()) ? 'vs' : 'vs-dark';
    await demo.page.keyboard.press('F1');
    await demo.page.locator('.quick-input-widget input').fill('>Preferences: Toggle between Light/Dark Themes');
    await demo.page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'Toggle between Light/Dark' })
      .first()
      .click();
    await demo.page.locator(`.monaco-workbench.${wanted}`).waitFor();
  }

  /** Drags a row onto the second line of the editor, step by step as a hand does. */
  async function drag(row, shift) {
    const { mouse, keyboard } = demo.page;
    await row.scrollIntoViewIfNeeded();
    const from = await row.boundingBox();
    const to = await demo.editor.locator('.view-line').nth(1).boundingBox();
    await mouse.move(from.x + 90, from.y + 10);
    await mouse.down();
    await mouse.move(from.x + 120, from.y + 12, { steps: 4 });
    if (shift) await keyboard.down('Shift');
    await mouse.move(to.x + 20, to.y + 8, { steps: 12 });
    await mouse.move(to.x + 30, to.y + 8, { steps: 4 });
    await demo.page.waitForTimeout(300);
    await mouse.up();
    if (shift) await keyboard.up('Shift');
  }
});

/** What of a row's text is not cut off. Runs in the browser. */
function visibleText(row) {
  const box = row.querySelector('.monaco-icon-label-container').getBoundingClientRect();
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let text = '';
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      if (range.getBoundingClientRect().right <= box.right) text += node.data[at];
    }
    text += ' ';
  }
  return text;
}
